package io.sluice.bench.origin;

import java.nio.ByteBuffer;

/** The bytes that bodies consist of: the same sixteen digits again and again, so that a lost or doubled byte shows. */
final class Body {

    private static final String DIGITS = "0123456789abcdef";
    private static final int BLOCK_BYTES = 256 * 1024;

    private Body() { }

    /** The byte at that position of any body. */
    static byte at(long position) {
        return (byte) DIGITS.charAt((int) (position % DIGITS.length()));
    }

    /** A direct buffer full of it, from the begin. */
    static ByteBuffer block() {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        while (block.hasRemaining()) {
            block.put(at(block.position()));
        }
        return block.flip();
    }

    /** Makes the block hold what a body has from that position on; no more than so many bytes. */
    static ByteBuffer window(ByteBuffer block, long position, long mostBytes) {
        int from = (int) (position % DIGITS.length());
        return block.limit((int) Math.min(block.capacity(), from + mostBytes)).position(from);
    }
}
