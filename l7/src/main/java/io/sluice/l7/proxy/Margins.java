package io.sluice.l7.proxy;

import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * The room that reads leave around the bytes in a buffer, so that what has to go before or behind them can be put right
 * there and all of it leaves in one write. Safe from any thread; the buffers are their owners'.
 */
final class Margins {

    /** Before the bytes: for a head that has grown on the way, or a chunk's head. */
    static final int HEAD_BYTES = 1024;
    /** Behind the bytes: for the line end behind a chunk. */
    static final int TAIL_BYTES = 2;

    private Margins() { }

    /** Makes a buffer of the pool one that holds nothing, with room at both ends. */
    static ByteBuffer prepare(ByteBuffer buffer) {
        return buffer.clear().position(HEAD_BYTES).limit(HEAD_BYTES);
    }

    /** Reads once into the buffer, which holds what was read then and nothing else. @return as the connection does */
    static int read(Connection source, ByteBuffer buffer) {
        buffer.clear().position(HEAD_BYTES).limit(buffer.capacity() - TAIL_BYTES);
        int count = source.read(buffer);
        buffer.limit(buffer.position()).position(HEAD_BYTES);
        return count;
    }

    /** Whether the last read could not have brought more. */
    static boolean isFull(ByteBuffer buffer) {
        return buffer.limit() == buffer.capacity() - TAIL_BYTES;
    }

    /** Reads once behind what the buffer holds, up to its end. @return as the connection does */
    static int readMore(Connection source, ByteBuffer buffer) {
        int start = buffer.position();
        buffer.position(buffer.limit()).limit(buffer.capacity());
        int count = source.read(buffer);
        buffer.limit(buffer.position()).position(start);
        return count;
    }
}
