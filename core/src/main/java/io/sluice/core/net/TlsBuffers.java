package io.sluice.core.net;

import io.sluice.core.buffer.BufferPool;
import java.nio.ByteBuffer;

/**
 * One worker's memory for TLS: room to encrypt and decrypt in, which every connection uses within one call, and what
 * single ones keep beyond that, which is less than a record that has not come whole, or what a socket did not take. So
 * an idle connection holds nothing.
 *
 * <p>What is kept lies in a buffer of the worker's pool. If there is none, it gets memory of its own: a connection that
 * waited for a buffer with a buffer in its hands might wait for ever. That is at most one record and one socket's
 * rest for each connection.
 *
 * <p>Owned by one event loop.
 */
public final class TlsBuffers {

    /** A record of the largest size, with all that a version or cipher may add to its 16 KiB, fits in. */
    static final int RECORD_BYTES = 17 * 1024;

    /** That many records are moved with one system call. */
    private static final int RECORDS = 4;

    private final BufferPool pool;
    private ByteBuffer received;
    private ByteBuffer encrypted;
    private ByteBuffer decrypted;

    public TlsBuffers(BufferPool pool) {
        this.pool = pool;
    }

    /** Empty; for records from the socket. */
    ByteBuffer received() {
        if (received == null) {
            received = ByteBuffer.allocateDirect(RECORDS * RECORD_BYTES);
        }
        return received.clear();
    }

    /** Empty; for records to the socket. */
    ByteBuffer encrypted() {
        if (encrypted == null) {
            encrypted = ByteBuffer.allocateDirect(RECORDS * RECORD_BYTES);
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

    /** A copy of what is left; null if nothing is. To be given back. */
    ByteBuffer keep(ByteBuffer rest) {
        if (!rest.hasRemaining()) {
            return null;
        }
        ByteBuffer kept = rest.remaining() <= pool.bufferBytes() ? pool.acquire() : null;
        if (kept == null) {
            kept = ByteBuffer.allocate(rest.remaining());
        }
        return kept.put(rest).flip();
    }

    /** Gives back what {@link #keep} has made; null is nothing. */
    void release(ByteBuffer kept) {
        // The pool's are direct, the others are not.
        if (kept != null && kept.isDirect()) {
            pool.release(kept);
        }
    }
}
