package io.sluice.l7.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Bytes as they may arrive: cut anywhere. */
public final class Pieces {

    private Pieces() { }

    /** One byte a character. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] bytes) {
        return text(bytes, 0, bytes.length);
    }

    public static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    public static List<ByteBuffer> whole(byte[] bytes) {
        return cut(bytes);
    }

    public static List<ByteBuffer> singleBytes(byte[] bytes) {
        int[] cuts = new int[bytes.length];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i;
        }
        return cut(bytes, cuts);
    }

    /** Up to eight cuts, some of which may fall together. */
    public static List<ByteBuffer> random(byte[] bytes, Random random) {
        return cut(bytes, random.ints(1 + random.nextInt(8), 0, bytes.length + 1).sorted().toArray());
    }

    /** Cut before the bytes at those positions, in ascending order. */
    public static List<ByteBuffer> cut(byte[] bytes, int... positions) {
        List<ByteBuffer> pieces = new ArrayList<>();
        int from = 0;
        for (int position : positions) {
            pieces.add(buffer(bytes, from, position));
            from = position;
        }
        pieces.add(buffer(bytes, from, bytes.length));
        return pieces;
    }

    /** With bytes of no meaning before and behind, to catch a reader that leaves its bounds. */
    private static ByteBuffer buffer(byte[] bytes, int from, int to) {
        int margin = 3;
        ByteBuffer buffer = ByteBuffer.allocate(to - from + 2 * margin);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) '\n');
        }
        buffer.put(margin, bytes, from, to - from);
        return buffer.limit(margin + to - from).position(margin);
    }
}
