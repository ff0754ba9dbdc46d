package io.sluice.core.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * The receiving direction of a TLS connection: reads records from the socket and decrypts them into the reader's
 * buffer, as many as fit.
 *
 * <pre>
 *   OPEN ── close_notify ──▶ ENDED
 *   OPEN ── the socket's end without it, a record that is not genuine, a renegotiation ──▶ BROKEN
 *   OPEN ── either end before the handshake is done ──▶ BROKEN
 *   any ── this side has closed the connection ──▶ BROKEN
 * </pre>
 *
 * <p>Owned by one event loop.
 */
final class TlsInput {

    private enum State { OPEN, ENDED, BROKEN }

    /** What records add to their content: this much more is received than the reader has room for. */
    private static final int OVERHEAD_BYTES = 512;

    private final Plain socket;
    private final SSLEngine engine;
    private final TlsBuffers buffers;
    private State state = State.OPEN;
    /** Received and not decrypted: part of a record, or records that had no room; null if there is nothing. */
    private ByteBuffer kept;
    /** Decrypted for a reader that had too little room; null if there is nothing. */
    private ByteBuffer unread;
    /** Whether decrypting may produce bytes without another byte from the socket. */
    private boolean more;
    private SSLEngineResult.HandshakeStatus status = SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;

    TlsInput(Plain socket, SSLEngine engine, TlsBuffers buffers) {
        this.socket = socket;
        this.engine = engine;
        this.buffers = buffers;
    }

    /** Starts with bytes that were received already. They belong to the handshake; readers are not told of them. */
    void preload(ByteBuffer first) {
        assert kept == null;
        kept = buffers.keep(first);
    }

    /** Whether {@link #read} would return bytes, the end or a failure without anything new from the socket. */
    boolean hasUnread() {
        return more || unread != null || state != State.OPEN;
    }

    boolean isBroken() {
        return state == State.BROKEN;
    }

    /** Breaks this direction: whatever comes is ignored. */
    void breakOff() {
        state = State.BROKEN;
        release();
    }

    /** Reads from the socket once at most: as {@link Connection#read(ByteBuffer)}. */
    int read(ByteBuffer target) throws IOException {
        int start = target.position();
        if (unread != null) {
            takeUnread(target);
            return target.position() - start;
        }
        if (more && state == State.OPEN) {
            more = false;
            decrypt(takeKept().flip(), target);
        }
        boolean wantsMore = target.position() == start || target.remaining() >= TlsBuffers.RECORD_BYTES;
        if (wantsMore && !hasUnread()) {
            receive(target);
        }
        int count = target.position() - start;
        return count > 0 ? count : switch (state) {
            case OPEN -> 0;
            case ENDED -> Connection.END;
            case BROKEN -> Connection.ABORTED;
        };
    }

    private void receive(ByteBuffer target) throws IOException {
        ByteBuffer records = takeKept();
        int most = Math.max(TlsBuffers.RECORD_BYTES, target.remaining() + OVERHEAD_BYTES);
        int count = receive(records, most);
        records.flip();
        if (count == Connection.END) {
            // Without a close_notify an attacker may have cut the stream off (RFC 8446, section 6.1).
            breakOff();
        } else if (count == 0) {
            kept = buffers.keep(records);
        } else {
            decrypt(records, target);
        }
    }

    /**
     * Reads once from the socket behind the bytes that are there. If these leave no room, the peer has announced a
     * record above the largest size: treated as the end, as it could never be decrypted.
     *
     * @param mostBytes in {@code records} after the read, at most
     */
    private int receive(ByteBuffer records, int mostBytes) throws IOException {
        if (records.position() >= mostBytes) {
            return Connection.END;
        }
        records.limit(Math.min(records.capacity(), mostBytes));
        return socket.read(records);
    }

    private ByteBuffer takeKept() {
        ByteBuffer records = buffers.received();
        if (kept != null) {
            records.put(kept);
            buffers.release(kept);
            kept = null;
        }
        return records;
    }

    private void decrypt(ByteBuffer records, ByteBuffer target) {
        int start = target.position();
        try {
            while (step(records, target, start)) {
                assert state == State.OPEN && !more;
            }
            kept = state == State.OPEN ? buffers.keep(records) : null;
        } catch (SSLException e) {
            state = State.BROKEN;
        }
    }

    /** Decrypts one record; returns whether another one may follow. */
    private boolean step(ByteBuffer records, ByteBuffer target, int start) throws SSLException {
        SSLEngineResult result = engine.unwrap(records, target);
        status = result.getHandshakeStatus();
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW -> {
                return false;
            }
            case BUFFER_OVERFLOW -> {
                more = true;
                if (target.position() == start) {
                    decryptAside(records, target);
                }
                return false;
            }
            case CLOSED -> {
                if (engine.isInboundDone()) {
                    state = State.ENDED;
                    return false;
                }
            }
            case OK -> { }
        }
        more = !isPassing() && records.hasRemaining();
        // The engine may consume no record and only produce bytes that had no room before.
        boolean moved = result.bytesConsumed() > 0 || result.bytesProduced() > 0;
        return records.hasRemaining() && moved && !more;
    }

    /** Whether the engine only passes bytes, as of the last record: it wants no handshake step. */
    boolean isPassing() {
        return state != State.OPEN || status == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
                || status == SSLEngineResult.HandshakeStatus.FINISHED;
    }

    /** Decrypts one record into a buffer of its own: the JDK's engine needs room for the largest record. */
    private void decryptAside(ByteBuffer records, ByteBuffer target) throws SSLException {
        assert unread == null;
        ByteBuffer content = buffers.decrypted();
        SSLEngineResult result = engine.unwrap(records, content);
        status = result.getHandshakeStatus();
        content.flip();
        // The engine checks the room first, so the record may still be incomplete.
        more = records.hasRemaining() && result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW;
        int limit = content.limit();
        content.limit(Math.min(limit, target.remaining()));
        target.put(content);
        unread = buffers.keep(content.limit(limit));
    }

    private void takeUnread(ByteBuffer target) {
        int limit = unread.limit();
        unread.limit(Math.min(limit, unread.position() + target.remaining()));
        target.put(unread);
        unread.limit(limit);
        if (!unread.hasRemaining()) {
            buffers.release(unread);
            unread = null;
        }
    }

    /** Processes one record of the handshake; false if none has come whole. */
    boolean handshake() throws IOException {
        return kept != null && takeRecord() || receiveMore() && takeRecord();
    }

    private boolean takeRecord() throws SSLException {
        ByteBuffer records = takeKept().flip();
        SSLEngineResult result = unwrap(records);
        kept = buffers.keep(records);
        if (result.getStatus() == SSLEngineResult.Status.CLOSED && engine.isInboundDone()) {
            breakOff();
        }
        return result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW;
    }

    private SSLEngineResult unwrap(ByteBuffer records) throws SSLException {
        int alert = PlainAlert.in(records);
        try {
            return engine.unwrap(records, buffers.decrypted());
        } catch (SSLException e) {
            throw PlainAlert.explained(alert, e);
        }
    }

    private boolean receiveMore() throws IOException {
        ByteBuffer records = takeKept();
        int count = receive(records, TlsBuffers.RECORD_BYTES);
        kept = buffers.keep(records.flip());
        if (count < 0) {
            breakOff();
        }
        return count > 0;
    }

    /** The handshake is over: bytes received behind it have yet to be decrypted. */
    void onEstablished() {
        more = kept != null;
    }

    /** The engine's handshake step has been done. */
    void onAnswered() {
        status = SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    private void release() {
        buffers.release(kept);
        buffers.release(unread);
        kept = null;
        unread = null;
        more = false;
    }
}
