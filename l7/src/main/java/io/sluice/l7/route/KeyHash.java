package io.sluice.l7.route;

import io.sluice.config.RequestKey;
import io.sluice.core.pool.ClientHash;
import io.sluice.l7.http.RequestParser;
import java.net.InetAddress;

/**
 * Hashes the part of a request that a choice is made by: 64 well mixed bits, the same on every host and in every
 * release. Immutable.
 */
public final class KeyHash {

    /** FNV-1a's offset basis and prime for 64 bits; its high bits are weak for short keys, hence the mixing after. */
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private final RequestKey.Part part;
    private final RequestPart named;

    public KeyHash(RequestKey key) {
        part = key.part();
        named = switch (part) {
            case HEADER -> new RequestPart(RequestPart.Place.HEADER, key.name());
            case COOKIE -> new RequestPart(RequestPart.Place.COOKIE, key.name());
            case QUERY -> new RequestPart(RequestPart.Place.QUERY, key.name());
            case PATH, CLIENT -> null;
        };
    }

    /** Whether the request has the part. */
    public boolean has(RequestParser request, Scratch scratch) {
        return named == null || named.find(request, scratch.found());
    }

    /** The hash of the part; of the client's address where the request has no such part. */
    public long of(RequestParser request, byte[] path, int offset, int length, InetAddress client, Scratch scratch) {
        if (part == RequestKey.Part.PATH) {
            return hash(path, offset, offset + length);
        }
        if (named != null && named.find(request, scratch.found())) {
            return hash(request.bytes(), scratch.found().from, scratch.found().to);
        }
        return ClientHash.of(client);
    }

    private static long hash(byte[] bytes, int from, int to) {
        long hash = BASIS;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i] & 0xff) * PRIME;
        }
        return mix(hash);
    }

    /** The finalizer of MurmurHash3 (public domain): every bit depends on every bit. */
    private static long mix(long hash) {
        long mixed = hash;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
