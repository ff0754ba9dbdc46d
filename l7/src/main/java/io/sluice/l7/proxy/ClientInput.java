package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.BufferWaiter;
import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * What was read from a client and no request has taken yet: at most one buffer of it, and none while there is nothing.
 * Owned by one event loop.
 */
final class ClientInput implements BufferWaiter {

    private final Connection connection;
    private final BufferPool buffers;
    private ByteBuffer bytes;
    /** Not read from for want of a buffer. */
    private boolean halted;
    private boolean ended;

    ClientInput(Connection connection, BufferPool buffers) {
        this.connection = connection;
        this.buffers = buffers;
    }

    boolean isEmpty() {
        return bytes == null || !bytes.hasRemaining();
    }

    /** Whether the client has ended its direction. */
    boolean isEnded() {
        return ended;
    }

    /** From position to limit; null if there are none. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** The same, but now the caller's. */
    ByteBuffer take() {
        ByteBuffer taken = bytes;
        bytes = null;
        return taken;
    }

    /** Takes a buffer whose bytes come next; null if there are none. */
    void put(ByteBuffer next) {
        if (next != null) {
            assert bytes == null;
            bytes = next;
        }
    }

    /** Drops empty lines, such as some clients send behind a body (RFC 9112, section 2.2); there must be bytes. */
    void skipEmptyLines() {
        int position = bytes.position();
        while (position + 1 < bytes.limit() && bytes.get(position) == '\r' && bytes.get(position + 1) == '\n') {
            position += 2;
        }
        bytes.position(position);
    }

    void clear() {
        halted = false;
        if (bytes != null) {
            buffers.release(take());
        }
    }

    /** Reads once, when there is nothing; 0 also for want of a buffer. @return as the connection does */
    int read() {
        if (bytes == null) {
            bytes = buffers.acquire();
        }
        if (bytes == null) {
            connection.wantRead(false);
            halted = true;
            buffers.await(this);
            return 0;
        }
        int count = Margins.read(connection, bytes);
        if (count <= 0) {
            clear();
        }
        return count;
    }

    /** Reads once behind what there is, as long as there is room. @return as the connection does */
    int readAhead() {
        if (bytes == null) {
            bytes = buffers.acquire();
            if (bytes == null) {
                connection.wantRead(false);
                return 0;
            }
            Margins.prepare(bytes);
        }
        int count = Margins.readMore(connection, bytes);
        if (count == Connection.END) {
            ended = true;
        }
        if (ended || bytes.limit() == bytes.capacity()) {
            connection.wantRead(false);
        }
        if (isEmpty()) {
            clear();
        }
        return count;
    }

    /** Reads once and throws away what comes; {@link Connection#ABORTED} also for want of a buffer. */
    int discard() {
        ByteBuffer buffer = buffers.acquire();
        if (buffer == null) {
            return Connection.ABORTED;
        }
        int count = connection.read(buffer);
        buffers.release(buffer);
        return count;
    }

    @Override
    public void onBuffer(ByteBuffer granted) {
        if (halted) {
            halted = false;
            bytes = Margins.prepare(granted);
            connection.wantRead(true);
        } else {
            buffers.release(granted);
        }
    }
}
