package io.sluice.bench.origin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The answers by query: parses a query the first time and then finds it by its bytes, which allocates nothing. Owned by
 * one event loop.
 */
final class Answerings {

    /** The most queries kept; with one more, all are dropped. */
    static final int MOST = 1024;

    private final Map<Query, Answering> known = new HashMap<>();
    private final Query sought = new Query();
    private final ByteBuffer block = Body.block();

    /**
     * The answers to a query, which is given without its question mark.
     *
     * @throws IllegalArgumentException if a parameter of the query is unknown or invalid
     */
    Answering of(byte[] bytes, int offset, int length) {
        sought.wrap(bytes, offset, length);
        Answering answering = known.get(sought);
        return answering == null ? make(bytes, offset, length) : answering;
    }

    /** The block of body bytes that all sessions on this loop send from. */
    ByteBuffer block() {
        return block;
    }

    private Answering make(byte[] bytes, int offset, int length) {
        byte[] query = Arrays.copyOfRange(bytes, offset, offset + length);
        Answering answering =
                new Answering(AnswerSpec.parse(new String(query, StandardCharsets.ISO_8859_1)), block);
        if (known.size() == MOST) {
            known.clear();
        }
        Query key = new Query();
        key.wrap(query, 0, length);
        known.put(key, answering);
        return answering;
    }

    /** Bytes as a map key: refers to the request's bytes in a lookup, to a copy of them in the map. */
    private static final class Query {

        private byte[] bytes;
        private int offset;
        private int length;

        private void wrap(byte[] array, int from, int count) {
            bytes = array;
            offset = from;
            length = count;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Query query && Arrays.equals(bytes, offset, offset + length, query.bytes,
                    query.offset, query.offset + query.length);
        }

        @Override
        public int hashCode() {
            int hash = 1;
            for (int i = offset; i < offset + length; i++) {
                hash = 31 * hash + bytes[i];
            }
            return hash;
        }
    }
}
