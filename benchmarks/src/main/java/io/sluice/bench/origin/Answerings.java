package io.sluice.bench.origin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Answers by query: a query is parsed when it first comes and then found by its bytes. Finding allocates nothing. Owned
 * by one event loop.
 */
final class Answerings {

    /** More different queries than that begin anew. */
    static final int MOST = 1024;

    private final Map<Query, Answering> known = new HashMap<>();
    private final Query sought = new Query();
    private final ByteBuffer block = Body.block();

    /**
     * How to answer a query, given without its question mark.
     *
     * @throws IllegalArgumentException if it asks for what there is not
     */
    Answering of(byte[] bytes, int offset, int length) {
        sought.wrap(bytes, offset, length);
        Answering answering = known.get(sought);
        return answering == null ? make(bytes, offset, length) : answering;
    }

    /** The block of body bytes that everyone on this loop sends from. */
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

    /** Bytes as a key: laid over a request to seek, over a copy of its own to stay. */
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
