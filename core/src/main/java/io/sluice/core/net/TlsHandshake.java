package io.sluice.core.net;

import io.sluice.config.Endpoint;
import io.sluice.core.log.OneLine;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs the TLS handshake of a connection, and owns the connection meanwhile. The engine for a server is made at
 * once, the one for a client with its first bytes, so that a client that only connects costs none. The engine's
 * delegated tasks run on other threads, so that they hold up no other connection.
 *
 * <pre>
 *   FIRST_BYTES ── they have come ──▶ DUE
 *   FIRST_BYTES ── they have come, but too many begin of late ──▶ PACED ── its moment ──▶ DUE
 *   FIRST_BYTES ── start, with a server ──▶ TALKING
 *   FIRST_BYTES, DUE ── a record of TLS ──▶ TALKING ── established ──▶ OVER
 *                                       │  ▲
 *      too many others in this cycle,   ▼  │ its turn, done
 *                            a task  WAITING, WORKING
 *   any ── refused, late, gone, cancelled ──▶ OVER
 * </pre>
 *
 * <p>Owned by one event loop.
 */
public final class TlsHandshake implements ConnectionOwner, TimerHandler {

    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshake.class);

    /** What the first record of every handshake begins with (RFC 8446, section 5.1). */
    private static final byte HANDSHAKE = 22;

    private enum State { FIRST_BYTES, PACED, DUE, TALKING, WAITING, WORKING, OVER }

    private final EventLoop loop;
    private final Connection connection;
    private final TlsEngines engines;
    private final TlsBuffers buffers;
    private final TlsHandler handler;
    private final Timer timer = new Timer(this);
    private final Timer pace = new Timer(_ -> onMoment());
    private State state = State.FIRST_BYTES;
    /** First bytes that the caller has read, kept while the handshake is paced; null if there are none. */
    private ByteBuffer readAlready;
    /** Null until there is an engine. */
    private Tls tls;

    public TlsHandshake(EventLoop loop, Connection connection, TlsEngines engines, TlsBuffers buffers,
                        TlsHandler handler) {
        this.loop = loop;
        this.connection = connection;
        this.engines = engines;
        this.buffers = buffers;
        this.handler = handler;
    }

    /**
     * Awaits a client's handshake. The handler may be called before this returns.
     *
     * @param received what the client has sent already, in a buffer that stays the caller's; null if nothing
     */
    public void accept(ByteBuffer received) {
        own(loop.nowNs());
        if (received == null || !received.hasRemaining() || !isTls(received)) {
            return;
        }
        long delayNs = engines.handshakeDelayNs(loop.nowNs());
        if (delayNs == 0) {
            begin(null, received);
        } else {
            readAlready = buffers.keep(received);
            pause(delayNs);
        }
    }

    /**
     * Begins a handshake with a server. The handler may be called before this returns.
     *
     * @param attemptStartedNs when the connection attempt began, which the time limit counts from
     */
    public void start(Endpoint server, long attemptStartedNs) {
        own(attemptStartedNs);
        begin(server, null);
    }

    /** Gives up silently; the caller ends the connection. */
    public void cancel() {
        state = State.OVER;
        loop.timers().cancel(timer);
        loop.timers().cancel(pace);
        buffers.release(readAlready);
        readAlready = null;
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        switch (state) {
            case FIRST_BYTES -> awaitMoment();
            case DUE -> readFirstBytes();
            case TALKING -> step();
            case PACED, WAITING, WORKING, OVER -> { }
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("a handshake of TLS failed", failure);
        fail(TlsFailure.FAILED, failure.toString());
    }

    @Override
    public void onTimer(long nowNs) {
        fail(TlsFailure.LATE, "the handshake takes too long");
    }

    private void own(long startedNs) {
        loop.timers().schedule(timer, startedNs + engines.handshakeTimeoutNs());
        connection.owner(this);
        connection.wantRead(true);
    }

    /** The first bytes have come. They stay in the socket until the pace lets the handshake begin. */
    private void awaitMoment() {
        long delayNs = engines.handshakeDelayNs(loop.nowNs());
        if (delayNs == 0) {
            state = State.DUE;
            readFirstBytes();
        } else {
            pause(delayNs);
        }
    }

    private void pause(long delayNs) {
        state = State.PACED;
        connection.wantRead(false);
        loop.timers().schedule(pace, loop.nowNs() + delayNs);
    }

    private void onMoment() {
        state = State.DUE;
        connection.wantRead(true);
        if (readAlready != null) {
            beginWithWhatWasRead();
        }
    }

    private void beginWithWhatWasRead() {
        ByteBuffer first = readAlready;
        readAlready = null;
        try {
            begin(null, first);
        } catch (RuntimeException e) {
            onFailure(connection, e);
        } finally {
            buffers.release(first);
        }
    }

    private void readFirstBytes() {
        ByteBuffer received = buffers.received();
        int count = connection.read(received.limit(TlsBuffers.RECORD_BYTES));
        if (count < 0) {
            fail(TlsFailure.GONE, "the client has ended its connection");
        } else if (count > 0 && isTls(received.flip())) {
            begin(null, received);
        }
    }

    /** Whether the bytes may begin a handshake; if not, reports the failure. */
    private boolean isTls(ByteBuffer received) {
        if (received.get(received.position()) != HANDSHAKE) {
            fail(TlsFailure.NOT_TLS, "what came first is not TLS");
            return false;
        }
        if (received.remaining() > TlsBuffers.MOST_BYTES) {
            fail(TlsFailure.MALFORMED, "what came first is too much for a handshake");
            return false;
        }
        return true;
    }

    private void begin(Endpoint peer, ByteBuffer received) {
        try {
            tls = connection.secure(engines.newEngine(peer), buffers);
            tls.begin(received);
        } catch (SSLException e) {
            fail(TlsFailure.of(e), wordsOf(e));
            return;
        }
        step();
    }

    private void step() {
        if (buffers.turns().take(this)) {
            talk();
        } else {
            rest(State.WAITING);
        }
    }

    private void rest(State reason) {
        state = reason;
        wantNothing();
    }

    private void wantNothing() {
        connection.wantRead(false);
        connection.wantWrite(false);
    }

    /** The loop has time for another step. */
    void onTurn() {
        if (state == State.WAITING) {
            goOn();
        }
    }

    private void talk() {
        state = State.TALKING;
        try {
            switch (tls.handshake()) {
                case WAITS -> connection.wantWrite(tls.isBlocked());
                case NEEDS_TASK -> work();
                case DONE -> {
                    end();
                    handler.onTlsEstablished();
                }
                case BROKEN -> fail(TlsFailure.GONE, "the peer has ended the connection");
            }
        } catch (SSLException e) {
            fail(TlsFailure.of(e), wordsOf(e));
        } catch (IOException e) {
            fail(TlsFailure.GONE, String.valueOf(e.getMessage()));
        }
    }

    private void work() {
        rest(State.WORKING);
        Runnable task = tls.takeTask();
        Thread.ofVirtual().name("tls-handshake").start(() -> {
            try {
                task.run();
            } finally {
                loop.mailbox().post(this::onWorked);
            }
        });
    }

    private void onWorked() {
        if (state == State.WORKING) {
            goOn();
        }
    }

    private void goOn() {
        connection.wantRead(true);
        try {
            talk();
        } catch (RuntimeException e) {
            onFailure(connection, e);
        }
    }

    /** What the JDK says may repeat what the peer has sent, such as a name that is none. */
    private static String wordsOf(SSLException e) {
        return OneLine.of(String.valueOf(e.getMessage()));
    }

    private void fail(TlsFailure failure, String reason) {
        if (state != State.OVER) {
            end();
            handler.onTlsFailed(failure, reason);
        }
    }

    /**
     * Stops all events. The next owner has to ask for reading again, and is then told of bytes that have come already.
     */
    private void end() {
        cancel();
        wantNothing();
    }
}
