package io.sluice.l7.route;

import io.sluice.config.RequestKey;
import io.sluice.core.pool.Hash64;
import io.sluice.l7.http.RequestParser;

/**
 * Hashes the part of a request that decides a choice. Gives 64 well-mixed bits, the same on every host and in every
 * release. Immutable.
 */
public final class KeyHash {

    private final RequestKey.Part part;
    private final RequestPart named;

    public KeyHash(RequestKey key) {
        part = key.part();
        named = RequestPart.of(key);
    }

    /** Whether the request has the part. */
    public boolean has(RequestParser request, Scratch scratch) {
        return named == null || named.find(request, scratch.found());
    }

    /** The hash of the part, or of the client's address if the request does not have the part. */
    public long of(RequestParser request, RequestPath path, Client client, Scratch scratch) {
        if (part == RequestKey.Part.PATH) {
            return Hash64.of(path.bytes(), path.offset(), path.offset() + path.length());
        }
        if (named != null && named.find(request, scratch.found())) {
            return Hash64.of(request.bytes(), scratch.found().from, scratch.found().to);
        }
        return client.hash();
    }
}
