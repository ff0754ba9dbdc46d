package io.sluice.core.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * The sending direction of a TLS connection: encrypts and sends at once. Keeps what the socket does not take, and
 * encrypts nothing more until the socket has taken it.
 *
 * <pre>
 *   OPEN ── end ──▶ ENDING ── all that was written is sent, close_notify made ──▶ NOTIFIED
 *   any ── the socket's failure ──▶ BROKEN
 * </pre>
 *
 * <p>Owned by one event loop.
 */
final class TlsOutput {

    private enum State { OPEN, ENDING, NOTIFIED, BROKEN }

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final Plain socket;
    private final SSLEngine engine;
    private final TlsBuffers buffers;
    private State state = State.OPEN;
    /** Encrypted but not yet taken by the socket; null if there is nothing. */
    private ByteBuffer unsent;

    TlsOutput(Plain socket, SSLEngine engine, TlsBuffers buffers) {
        this.socket = socket;
        this.engine = engine;
        this.buffers = buffers;
    }

    /** Whether the socket has to take the kept bytes before anything else is sent. */
    boolean isBlocked() {
        return unsent != null;
    }

    /** Whether all has been sent, close_notify included. */
    boolean isDone() {
        return state == State.NOTIFIED && unsent == null;
    }

    /** Whether the socket has failed, so that nothing more can be sent. */
    boolean isBroken() {
        return state == State.BROKEN;
    }

    /** Encrypts and sends: as {@link Connection#write(ByteBuffer, boolean)}. */
    int write(ByteBuffer source, boolean more) throws IOException {
        if (state != State.OPEN) {
            return Connection.ABORTED;
        }
        int start = source.position();
        while (unsent == null && source.hasRemaining()) {
            ByteBuffer records = buffers.encrypted();
            if (!encrypt(source, records)) {
                return Connection.ABORTED;
            }
            send(records.flip(), more);
        }
        return source.position() - start;
    }

    /** Makes records while there is room; false if the engine refuses to make any. */
    private boolean encrypt(ByteBuffer source, ByteBuffer records) throws SSLException {
        while (source.hasRemaining() && records.remaining() >= TlsBuffers.RECORD_BYTES) {
            SSLEngineResult result = engine.wrap(source, records);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED || result.bytesProduced() == 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Sends the engine's own records, if any: handshake, alerts, key updates. Does nothing while the socket is full.
     */
    void writeOwn() throws IOException {
        if (unsent != null) {
            return;
        }
        ByteBuffer records = buffers.encrypted();
        int before;
        do {
            before = records.position();
            engine.wrap(NOTHING, records);
        } while (records.position() > before && records.remaining() >= TlsBuffers.RECORD_BYTES);
        // Only the FIN follows close_notify, so both may share a segment.
        send(records.flip(), state == State.NOTIFIED);
    }

    /** The socket takes bytes again. @return how many it has taken */
    int flush() throws IOException {
        int count = put(unsent, false);
        if (!unsent.hasRemaining()) {
            release();
            goOnEnding();
        }
        return count;
    }

    /** Ends the direction after all that was written. */
    void end() throws IOException {
        if (state == State.OPEN) {
            state = State.ENDING;
            goOnEnding();
        }
    }

    private void goOnEnding() throws IOException {
        if (state == State.ENDING && unsent == null) {
            state = State.NOTIFIED;
            engine.closeOutbound();
            writeOwn();
        }
    }

    void release() {
        buffers.release(unsent);
        unsent = null;
    }

    private void send(ByteBuffer records, boolean more) throws IOException {
        if (records.hasRemaining()) {
            put(records, more);
            unsent = buffers.keep(records);
        }
    }

    private int put(ByteBuffer records, boolean more) throws IOException {
        try {
            return socket.write(records, more);
        } catch (IOException e) {
            state = State.BROKEN;
            release();
            throw e;
        }
    }
}
