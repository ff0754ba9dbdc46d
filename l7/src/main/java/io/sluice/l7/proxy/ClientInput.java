package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * Bytes that were read from a client and that no request has taken yet: at most one buffer, and none while there are no
 * bytes. Owned by one event loop.
 */
final class ClientInput {

    private final Connection connection;
    private final BufferPool buffers;
    private ByteBuffer bytes;
    private boolean ended;
    /** Whether the last byte dropped is the CR of an empty line whose LF is to come. */
    private boolean droppedCr;

    ClientInput(Connection connection, BufferPool buffers) {
        this.connection = connection;
        this.buffers = buffers;
    }

    boolean isEmpty() {
        return bytes == null || !bytes.hasRemaining();
    }

    /** Whether the client has half-closed its connection. */
    boolean isEnded() {
        return ended;
    }

    /** From position to limit; null if there are none. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** The bytes, whose buffer is now the caller's; null if there are none. */
    ByteBuffer take() {
        ByteBuffer taken = bytes;
        bytes = null;
        return taken;
    }

    /** Takes over a buffer with the next bytes, or with none; null does nothing. */
    void put(ByteBuffer next) {
        if (next == null) {
            return;
        }
        if (next.hasRemaining()) {
            assert bytes == null;
            bytes = next;
        } else {
            buffers.release(next);
        }
    }

    /** Releases the buffer if all its bytes have been taken. */
    void releaseIfEmpty() {
        if (isEmpty()) {
            clear();
        }
    }

    /**
     * Drops leading empty lines, however many come and however they are cut: some clients send one after a body (RFC
     * 9112, section 2.2). Their time is that of an idle connection. There must be bytes.
     */
    void skipEmptyLines() {
        int position = bytes.position();
        int limit = bytes.limit();
        if (droppedCr) {
            droppedCr = false;
            // Where it stood, or in the room that each read leaves: this read found all before it dropped.
            bytes.put(--position, (byte) '\r');
        }
        while (position + 1 < limit && bytes.get(position) == '\r' && bytes.get(position + 1) == '\n') {
            position += 2;
        }
        if (position + 1 == limit && bytes.get(position) == '\r') {
            droppedCr = true;
            position = limit;
        }
        bytes.position(position);
    }

    void clear() {
        if (bytes != null) {
            buffers.release(take());
        }
    }

    /** Reads once; there must be no bytes here. @return as {@link Connection#read}; 0 also if no buffer is free */
    int read() {
        if (bytes == null) {
            bytes = connection.acquireSpareBuffer(buffers);
        }
        if (bytes == null) {
            return 0;
        }
        int count = Margins.read(connection, bytes);
        if (count <= 0) {
            clear();
        }
        return count;
    }

    /** Reads once behind the bytes that are here, if there is room. @return as {@link Connection#read} */
    int readAhead() {
        if (bytes == null) {
            bytes = buffers.acquireSpare();
            if (bytes == null) {
                connection.wantRead(false);
                return 0;
            }
            Margins.prepare(bytes);
        }
        int count = connection.readBehind(bytes);
        if (count == Connection.END) {
            ended = true;
        }
        if (ended || bytes.limit() == bytes.capacity()) {
            connection.wantRead(false);
        }
        releaseIfEmpty();
        return count;
    }

    /** Reads once and discards the bytes. @return as {@link Connection#read}; ABORTED also if no buffer is free */
    int discard() {
        ByteBuffer buffer = buffers.acquire();
        if (buffer == null) {
            return Connection.ABORTED;
        }
        int count = connection.read(buffer);
        buffers.release(buffer);
        return count;
    }
}
