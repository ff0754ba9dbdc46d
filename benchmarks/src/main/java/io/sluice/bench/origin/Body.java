package io.sluice.bench.origin;

import java.nio.ByteBuffer;

/** The bytes of bodies: the same sixteen digits repeatedly, so that a lost or doubled byte shows. */
final class Body {

    private static final String DIGITS = "0123456789abcdef";
    private static final int BLOCK_BYTES = 256 * 1024;

    private Body() { }

    /** The byte at a position of every body. */
    static byte at(long position) {
        return (byte) DIGITS.charAt((int) (position % DIGITS.length()));
    }

    /** Makes a direct buffer full of the bytes at the start of a body. */
    static ByteBuffer block() {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        while (block.hasRemaining()) {
            block.put(at(block.position()));
        }
        return block.flip();
    }

    /** Limits the block to the bytes of a body from {@code position} on, at most {@code mostBytes}. */
    static ByteBuffer window(ByteBuffer block, long position, long mostBytes) {
        int from = (int) (position % DIGITS.length());
        return block.limit((int) Math.min(block.capacity(), from + mostBytes)).position(from);
    }
}
