package io.sluice.l7.proxy;

import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * The room that reads leave before and behind the bytes in a buffer: a head or a chunk's framing is put there, so that
 * all of it leaves in one write. Safe from any thread; each buffer belongs to its owner.
 */
final class Margins {

    /** Room before the bytes: for a message head or a chunk's size line. */
    static final int HEAD_BYTES = 1024;
    /** Room behind the bytes: for the line end of a chunk. */
    static final int TAIL_BYTES = 2;

    private Margins() { }

    /** Empties a buffer, with room before the bytes that {@link Connection#readBehind} then puts into it. */
    static void prepare(ByteBuffer buffer) {
        buffer.clear().position(HEAD_BYTES).limit(HEAD_BYTES);
    }

    /** Reads once into the buffer and replaces its contents. @return as {@link Connection#read} */
    static int read(Connection source, ByteBuffer buffer) {
        return read(source, buffer, Integer.MAX_VALUE);
    }

    /** The same, but at most so many bytes. */
    static int read(Connection source, ByteBuffer buffer, long mostBytes) {
        int room = buffer.capacity() - HEAD_BYTES - TAIL_BYTES;
        buffer.clear().position(HEAD_BYTES).limit(HEAD_BYTES + (int) Math.min(room, mostBytes));
        int count = source.read(buffer);
        buffer.limit(buffer.position()).position(HEAD_BYTES);
        return count;
    }

    /** Whether the last read filled the buffer. */
    static boolean isFull(ByteBuffer buffer) {
        return buffer.limit() == buffer.capacity() - TAIL_BYTES;
    }
}
