package io.sluice.core.net;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport with TLS: passes bytes in TLS records, by way of an {@link SSLEngine}. Allocates nothing per record
 * except what the engine does; {@link TlsBuffers} has the memory that it uses.
 *
 * <p>Renegotiation breaks the connection: TLS 1.3 has removed it, and it has been used for attacks.
 *
 * <p>Owned by one event loop.
 */
final class Tls extends Transport {

    /** The state of a handshake. */
    enum Handshake {
        /** Waits for the peer's bytes, or for the socket to take bytes. */
        WAITS,
        /** {@link #takeTask} has long-running work for another thread. */
        NEEDS_TASK,
        DONE,
        /** The connection is gone. */
        BROKEN
    }

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /** How long a closed connection keeps its last bytes for a peer that takes none. The kernel would wait longer. */
    private static final long CLOSING_NS = TimeUnit.SECONDS.toNanos(30);

    private final EventLoop loop;
    private final Connection connection;
    private final Plain socket;
    private final SSLEngine engine;
    private final TlsInput input;
    private final TlsOutput output;
    private final TlsBuffers buffers;
    private final Runnable offering = this::offerNow;
    private boolean offered;
    /** Null unless the connection was closed with bytes left to send. */
    private Timer closing;

    Tls(EventLoop loop, Connection connection, Plain socket, SSLEngine engine, TlsBuffers buffers) {
        this.loop = loop;
        this.connection = connection;
        this.socket = socket;
        this.engine = engine;
        input = new TlsInput(socket, engine, buffers);
        output = new TlsOutput(socket, engine, buffers);
        this.buffers = buffers;
    }

    SSLSession session() {
        return engine.getSession();
    }

    // ---- the handshake ----

    /** Begins the handshake with bytes that were received already; null if none were. */
    void begin(ByteBuffer received) throws SSLException {
        if (received != null) {
            input.preload(received);
        }
        engine.beginHandshake();
    }

    /**
     * Continues the handshake as far as possible.
     *
     * @throws SSLException if it fails; an alert has been sent to the peer
     */
    Handshake handshake() throws IOException {
        try {
            for (;;) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> {
                        return Handshake.NEEDS_TASK;
                    }
                    case NEED_WRAP -> {
                        if (output.isBlocked()) {
                            return waits();
                        }
                        output.writeOwn();
                    }
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (!input.handshake()) {
                            return waits();
                        }
                    }
                    case NOT_HANDSHAKING, FINISHED -> {
                        return established();
                    }
                }
            }
        } catch (SSLException e) {
            tellWhy();
            throw e;
        }
    }

    /** The engine's next task for another thread; null if there is none. */
    Runnable takeTask() {
        return engine.getDelegatedTask();
    }

    private Handshake waits() {
        connection.transportWantsWrite(output.isBlocked());
        return input.isBroken() ? Handshake.BROKEN : Handshake.WAITS;
    }

    private Handshake established() throws IOException {
        if (input.isBroken()) {
            return Handshake.BROKEN;
        }
        if (engine.getUseClientMode()) {
            // A client's engine may hold its last message back for the first application bytes. But those may have to
            // wait for the server, which waits for that message.
            output.writeOwn();
        }
        connection.transportWantsWrite(output.isBlocked());
        input.onEstablished();
        return Handshake.DONE;
    }

    /** Whether the socket has to take bytes before the handshake can go on. */
    boolean isBlocked() {
        return output.isBlocked();
    }

    private void tellWhy() {
        try {
            output.writeOwn();
        } catch (IOException e) {
            LOG.trace("the peer cannot be told what it has done wrong", e);
        }
    }

    // ---- bytes ----

    @Override
    int read(ByteBuffer buffer) throws IOException {
        boolean wasBroken = input.isBroken();
        int count = input.read(buffer);
        if (input.isBroken() && !wasBroken) {
            tellWhy();
        }
        if (!input.isPassing()) {
            answer();
        }
        if (input.hasUnread()) {
            offerUnread();
        }
        return count;
    }

    /**
     * Lets the engine react to what it has read: in TLS 1.3 a key update, for example. In older versions it can only be
     * a renegotiation, which breaks the connection.
     */
    private void answer() throws IOException {
        if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
            input.breakOff();
            return;
        }
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        output.writeOwn();
        connection.transportWantsWrite(output.isBlocked());
        input.onAnswered();
    }

    @Override
    int write(ByteBuffer buffer, boolean more) throws IOException {
        int count = output.write(buffer, more);
        connection.transportWantsWrite(output.isBlocked());
        return count;
    }

    @Override
    boolean hasRoom() throws IOException {
        return !output.isBlocked() && socket.hasRoom();
    }

    /** Never known: TLS ends with a close_notify record, which the kernel does not see. */
    @Override
    boolean peerHasEnded() {
        return false;
    }

    @Override
    int onWritable() throws IOException {
        int count = output.flush();
        onSent();
        return count;
    }

    private void onSent() throws IOException {
        connection.transportWantsWrite(output.isBlocked());
        if (!output.isDone()) {
            return;
        }
        if (connection.isClosed()) {
            dispose();
            socket.close();
        } else {
            socket.shutdownOutput();
        }
    }

    @Override
    boolean hasUnread() {
        return input.hasUnread();
    }

    @Override
    void offerUnread() {
        if (!offered) {
            offered = true;
            loop.defer(offering);
        }
    }

    private void offerNow() {
        offered = false;
        connection.onUnread();
    }

    // ---- the end ----

    @Override
    void shutdownOutput() throws IOException {
        output.end();
        onSent();
    }

    @Override
    void close() throws IOException {
        if (output.isBroken()) {
            abort();
            return;
        }
        input.breakOff();
        output.end();
        if (!output.isDone()) {
            closing = new Timer(this::abandonIfSilent);
            buffers.onClosing(this);
            connection.endSilence();
            loop.timers().schedule(closing, loop.nowNs() + CLOSING_NS);
        }
        onSent();
    }

    @Override
    void abort() throws IOException {
        input.breakOff();
        dispose();
        socket.abort();
    }

    private void abandonIfSilent(long nowNs) {
        connection.noticeTaken();
        long dueNs = connection.silentSinceNs() + CLOSING_NS;
        if (dueNs - nowNs > 0) {
            loop.timers().schedule(closing, dueNs);
        } else {
            abandon();
        }
    }

    /** Resets a closed connection that has yet to send its last bytes. */
    void abandon() {
        try {
            abort();
        } catch (IOException e) {
            LOG.debug("a closed connection could not be reset", e);
        }
    }

    /** Closes both directions of the engine, so that it frees its memory outside of the heap. */
    private void dispose() {
        output.release();
        if (closing != null) {
            loop.timers().cancel(closing);
            closing = null;
            buffers.onClosed(this);
        }
        try {
            engine.closeOutbound();
            engine.closeInbound();
        } catch (SSLException e) {
            // Engines may complain if the peer has sent no close_notify; the connection is over all the same.
            LOG.trace("an engine was closed early", e);
        }
    }
}
