package io.sluice.core.net;

import io.sluice.core.loop.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * What one worker has for TLS. It is its memory: room to encrypt and decrypt in, which every connection uses within
 * one call, and what single ones keep beyond that, which is part of a record that has not come whole, or what a socket
 * did not take. So an idle connection holds nothing.
 *
 * <p>What is kept is not of the worker's {@link io.sluice.core.buffer.BufferPool}: a connection that waits there for a
 * buffer to read into, while all are kept for what has yet to be read, would wait for ever. Its bound is that of the
 * connections: of each, one record's part and one socket's rest.
 *
 * <p>Owned by one event loop.
 */
public final class TlsBuffers {

    /** A record of the largest size, with all that a version or cipher may add to its 16 KiB, fits in. */
    static final int RECORD_BYTES = 17 * 1024;

    /** That many records are moved with one system call. */
    static final int MOST_BYTES = 4 * RECORD_BYTES;
    /** Free ones of a size that are not given back to the system. */
    private static final int MOST_FREE = 64;

    private final ArrayDeque<ByteBuffer> freeSmall = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> freeLarge = new ArrayDeque<>();
    private ByteBuffer received;
    private ByteBuffer encrypted;
    private ByteBuffer decrypted;
    private final TlsTurns turns;
    private int kept;

    public TlsBuffers(EventLoop loop) {
        turns = new TlsTurns(loop);
    }

    /** By which its handshakes go on. */
    TlsTurns turns() {
        return turns;
    }

    /** Empty; for records from the socket. */
    ByteBuffer received() {
        if (received == null) {
            received = ByteBuffer.allocateDirect(MOST_BYTES);
        }
        return received.clear();
    }

    /** Empty; for records to the socket. */
    ByteBuffer encrypted() {
        if (encrypted == null) {
            encrypted = ByteBuffer.allocateDirect(MOST_BYTES);
        }
        return encrypted.clear();
    }

    /** Empty; for one record's content, if its reader has too little room. */
    ByteBuffer decrypted() {
        if (decrypted == null) {
            decrypted = ByteBuffer.allocateDirect(RECORD_BYTES);
        }
        return decrypted.clear();
    }

    /** A copy of what is left, at most what the above have room for; null if nothing is. To be given back. */
    ByteBuffer keep(ByteBuffer rest) {
        if (!rest.hasRemaining()) {
            return null;
        }
        kept++;
        boolean small = rest.remaining() <= RECORD_BYTES;
        ByteBuffer buffer = small ? freeSmall.poll() : freeLarge.poll();
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(small ? RECORD_BYTES : MOST_BYTES);
        }
        return buffer.put(rest).flip();
    }

    /** Gives back what {@link #keep} has made; null is nothing. */
    void release(ByteBuffer buffer) {
        if (buffer == null) {
            return;
        }
        kept--;
        ArrayDeque<ByteBuffer> free = buffer.capacity() == RECORD_BYTES ? freeSmall : freeLarge;
        if (free.size() < MOST_FREE) {
            free.push(buffer.clear());
        }
    }

    /** Buffers that connections keep at this moment. */
    public int inUse() {
        return kept;
    }
}
