package io.sluice.l7.route;

import io.sluice.config.RequestKey;
import io.sluice.core.pool.Hash64;

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

    /** Whether the request has the part. An empty part counts as none. */
    public boolean has(RoutedRequest request) {
        return named == null || named.findValue(request);
    }

    /** The hash of the part, or of the client's address if the request does not have the part. */
    public long of(RoutedRequest request) {
        if (part == RequestKey.Part.PATH) {
            RequestPath path = request.path();
            return Hash64.of(path.bytes(), path.offset(), path.offset() + path.length());
        }
        if (named != null && named.findValue(request)) {
            return Hash64.of(request.head().bytes(), request.found().from, request.found().to);
        }
        return request.client().hash();
    }
}
