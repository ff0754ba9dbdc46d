package io.sluice.core.net;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.stats.PaddedCounter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One worker's memory for TLS: shared room to encrypt and decrypt in, which a connection uses only within one call, and
 * buffers that connections keep between calls, for incomplete records, unread bytes or bytes that the socket did not
 * take. An idle connection holds nothing.
 *
 * <p>Kept buffers are not taken from the worker's {@link io.sluice.core.buffer.BufferPool}: if they exhausted it,
 * connections would wait there for ever for a buffer to read into, and only reading frees kept ones. The number of
 * connections bounds them: each keeps at most one of received, one of decrypted and one of unsent bytes.
 *
 * <p>The worker's {@link TlsTurns} are here, too, since handshakes need both.
 *
 * <p>Owned by one event loop, but for {@link #closing}.
 */
public final class TlsBuffers {

    /** Room for the largest record: 16 KiB and what a version or cipher may add. */
    static final int RECORD_BYTES = 17 * 1024;

    /** The most bytes moved by one system call: four of the largest records. */
    static final int MOST_BYTES = 4 * RECORD_BYTES;
    /** Free buffers of each size that are kept for reuse, at most. */
    private static final int MOST_FREE = 64;

    private final ArrayDeque<ByteBuffer> freeSmall = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> freeLarge = new ArrayDeque<>();
    private ByteBuffer received;
    private ByteBuffer encrypted;
    private ByteBuffer decrypted;
    private final TlsTurns turns;
    /** Closed connections whose last bytes wait for the socket. */
    private final Set<Tls> closing = new HashSet<>();
    private final PaddedCounter closingCount = new PaddedCounter();
    private int kept;

    public TlsBuffers(EventLoop loop) {
        turns = new TlsTurns(loop);
    }

    /** Bounds the worker's handshake steps in a cycle. */
    TlsTurns turns() {
        return turns;
    }

    /** A connection was closed, and its last bytes wait for the socket. */
    void onClosing(Tls closed) {
        closing.add(closed);
        closingCount.set(closing.size());
    }

    /** They have left, or are given up. */
    void onClosed(Tls closed) {
        closing.remove(closed);
        closingCount.set(closing.size());
    }

    /** How many connections were closed, but still have bytes to send. Safe from any thread. */
    public int closing() {
        return closingCount.get();
    }

    /** Resets these connections, so that their peers can tell that the last bytes are missing. */
    public void abandonClosing() {
        List.copyOf(closing).forEach(Tls::abandon);
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

    /** A copy of the remaining bytes, at most {@link #MOST_BYTES}; null if there are none. To be released. */
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

    /** Gives a buffer of {@link #keep} back; ignores null. */
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
