package io.sluice.l7.proxy;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.TcpSocket;
import io.sluice.l7.http.Outcome;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/1.1 connection of a {@link HttpSession}: reads request heads and runs one exchange after the other.
 *
 * <pre>
 *   ADMISSION ── admitted ──▶ IDLE ── first byte ──▶ HEAD ── head whole, refused or late ──▶ EXCHANGE
 *   EXCHANGE ── response sent, connection stays ──▶ IDLE ── idle for too long ──▶ CLOSED
 *   EXCHANGE ── response sent, connection ends ──▶ LINGERING ── client has read it, or had time to ──▶ CLOSED
 *   EXCHANGE ── upgraded ──▶ TUNNEL ── tunnel closed ──▶ CLOSED
 *   ADMISSION ── answered at once, for want of TLS ──▶ LINGERING
 *   any ── client gone or done, response cut short, killed ──▶ CLOSED
 * </pre>
 *
 * <p>An idle connection holds neither a buffer nor an exchange. The connection always asks for readable events, except
 * while there is no room for what it would read, and behind the client's end.
 *
 * <p>Owned by one event loop.
 */
final class ClientConnection implements ConnectionOwner, TimerHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** How long to discard a client's bytes after the last response, so that it can read that response. */
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(5);

    /** What becomes of the connection when an exchange is over. */
    enum Fate {
        /** The connection awaits the next request. */
        STAYS,
        /** The connection closes after the client has had time to read the response; see {@link #linger}. */
        LINGERS,
        /** The connection closes at once: the client sends nothing more. */
        CLOSES,
        /** The connection is reset, so that the client can tell that the exchange was cut short. */
        RESETS
    }

    private enum State { ADMISSION, IDLE, HEAD, EXCHANGE, LINGERING, TUNNEL, CLOSED }

    private final HttpSession session;
    private final EventLoop loop;
    private final Connection connection;
    private final ClientInput input;
    private final Timer timer = new Timer(this);
    private final Runnable parseInput = this::parseInput;
    private State state = State.ADMISSION;
    /** Set from the first byte of a request to the end of its exchange; otherwise null. */
    private Exchange exchange;
    /** Until when the present state may last; in EXCHANGE, the exchange's deadline counts instead. */
    private long deadlineNs;
    private int requests;

    ClientConnection(HttpSession session, TcpSocket socket) {
        this.session = session;
        HttpService service = session.service();
        loop = service.worker().loop();
        connection = new Connection(loop, socket, this);
        connection.countFor(service.traffic());
        input = new ClientInput(connection, service.worker().buffers());
    }

    // ---- what others ask ----

    Connection connection() {
        return connection;
    }

    ClientIdentity identity() {
        return session.identity();
    }

    /** Whether Sluice lets the connection stay open after the exchange in hand. */
    boolean mayStay() {
        return session.service().keepsOpen(requests);
    }

    /** The exchange in hand, or null. */
    Exchange exchange() {
        return exchange;
    }

    /** How many requests have come. */
    int requests() {
        return requests;
    }

    /** Whether the connection awaits a request of which no byte has come. */
    private boolean isIdle() {
        return state == State.IDLE && input.isEmpty() && !connection.awaitsBuffer();
    }

    /** Whether no message is cut short if the connection ends now: a reset could only destroy the last response. */
    boolean isInOrder() {
        return isIdle() || state == State.LINGERING;
    }

    /** Whether the client has been served before and now rests; one whose first request is to come waits for it. */
    boolean isBetweenRequests() {
        return isIdle() && requests > 0;
    }

    /** If the connection is between requests, closes it once it has been so for this long from now. */
    void endIfIdleFor(long mostNs) {
        if (isBetweenRequests()) {
            enter(State.IDLE, Math.min(mostNs, Math.max(0, deadlineNs - loop.nowNs())));
        }
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** The state, as the list of sessions shows it. */
    String phase() {
        return switch (state) {
            case ADMISSION -> "admission";
            case IDLE -> "idle";
            case HEAD -> "head";
            case EXCHANGE -> "exchange";
            case LINGERING -> "lingering";
            case TUNNEL -> "tunnel";
            case CLOSED -> "ended";
        };
    }

    // ---- admission ----

    /** The client has been admitted. @param received bytes that the client has sent, now owned by this; or null */
    void begin(ByteBuffer received) {
        connection.owner(this);
        connection.wantRead(true);
        enter(State.IDLE, timeouts().requestHeaderNs());
        input.put(received);
        parseInput();
    }

    /** Tells a client without TLS that this listener wants TLS: in HTTP, since the client most likely speaks that. */
    void refusePlainClient() {
        connection.owner(this);
        connection.write(ByteBuffer.wrap(Ascii.PLAIN_TO_TLS));
        linger();
    }

    // ---- events ----

    @Override
    public void onReady(Connection ready, int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0 && state == State.EXCHANGE) {
            exchange.onClientWritable();
        }
        if ((readyOps & SelectionKey.OP_READ) == 0) {
            return;
        }
        switch (state) {
            case IDLE, HEAD -> {
                // Bytes read ahead come first; the deferred parseInput takes them at the end of this cycle.
                if (input.isEmpty()) {
                    readHead();
                }
            }
            case EXCHANGE -> onReadableInExchange();
            case LINGERING -> {
                if (input.discard() < 0) {
                    session.close();
                }
            }
            case ADMISSION, TUNNEL, CLOSED -> { }
        }
    }

    @Override
    public void onTimer(long nowNs) {
        long dueNs = state == State.EXCHANGE ? exchangeDueNs(nowNs) : deadlineNs;
        if (dueNs - nowNs > 0) {
            loop.timers().schedule(timer, dueNs);
        } else if (state != State.EXCHANGE && connection.awaitsBuffer()) {
            // The client has sent what there is no room for: its time begins anew.
            enter(state, timeouts().requestHeaderNs());
        } else {
            onTimeout();
        }
    }

    /** The exchange's deadline; before it counts as passed, the kernel is asked what the peers have taken. */
    private long exchangeDueNs(long nowNs) {
        if (exchange.deadlineNs() - nowNs <= 0) {
            exchange.noticeTaken();
        }
        return exchange.deadlineNs();
    }

    private void onTimeout() {
        switch (state) {
            case IDLE -> onIdleForTooLong();
            case LINGERING -> session.close();
            case HEAD -> {
                input.clear();
                state = State.EXCHANGE;
                exchange.onHeadTimeout();
            }
            case EXCHANGE -> exchange.onTimeout();
            case ADMISSION, TUNNEL, CLOSED -> { }
        }
    }

    /** In a drain, a client has its time from when it has received its response; the kernel took that earlier. */
    private void onIdleForTooLong() {
        long leftNs = 0;
        if (session.service().worker().isDraining() && isBetweenRequests()) {
            connection.noticeTaken();
            leftNs = connection.silentSinceNs() + mostIdleNs() - loop.nowNs();
        }
        if (leftNs > 0) {
            enter(State.IDLE, leftNs);
        } else {
            session.close();
        }
    }

    /** How long the connection may be between requests. */
    private long mostIdleNs() {
        return Math.min(timeouts().keepAliveNs(), session.service().worker().mostIdleNs());
    }

    private HttpTimeouts timeouts() {
        return session.service().rules().timeouts();
    }

    /** Enters a state that may last this long. */
    private void enter(State next, long mostNs) {
        state = next;
        deadlineNs = loop.nowNs() + mostNs;
        loop.timers().scheduleNoLater(timer, deadlineNs);
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("a connection of listener {} failed", session.listener().name(), failure);
        session.abort(Termination.INTERNAL_ERROR);
    }

    // ---- the head of a request ----

    private void readHead() {
        int count = input.read();
        if (count > 0) {
            parseHead();
        } else if (count < 0) {
            onClientGone();
        }
    }

    private void onClientGone() {
        if (state == State.HEAD) {
            exchange.onHeadCut();
        } else {
            session.close();
        }
    }

    private void parseInput() {
        if (state == State.IDLE && !input.isEmpty()) {
            parseHead();
        }
    }

    private void parseHead() {
        if (exchange == null) {
            input.skipEmptyLines();
            if (input.isEmpty()) {
                onNothing();
                return;
            }
            exchange = session.service().takeExchange();
            exchange.onFirstByte(this);
        }
        Outcome outcome = exchange.parseHead(input.bytes());
        if (outcome == Outcome.INCOMPLETE) {
            input.clear();
            onHeadIncomplete();
            return;
        }
        requests++;
        state = State.EXCHANGE;
        if (outcome == Outcome.COMPLETE) {
            input.releaseIfEmpty();
            exchange.onHead();
        } else {
            input.clear();
            exchange.onHeadRefused();
        }
    }

    /** Only empty lines have come. They begin no request, so the connection stays idle. */
    private void onNothing() {
        input.clear();
        if (input.isEnded() || requests > 0 && !session.goesOn()) {
            session.close();
        } else {
            connection.wantRead(true);
        }
    }

    private void onHeadIncomplete() {
        if (input.isEnded()) {
            exchange.onHeadCut();
        } else if (state == State.IDLE) {
            // The limit counts from the first byte, so sending the head byte by byte gains a client no time.
            enter(State.HEAD, timeouts().requestHeaderNs());
            connection.wantRead(true);
        }
    }

    // ---- the exchange ----

    private void onReadableInExchange() {
        if (exchange.passesBody()) {
            exchange.onClientReadable();
        } else if (exchange.allowsReadAhead()) {
            readAhead();
        } else {
            // There is no room for what would be read.
            connection.wantRead(false);
        }
    }

    private void readAhead() {
        int count = input.readAhead();
        if (count == Connection.END) {
            exchange.onClientEnded();
        } else if (count == Connection.ABORTED) {
            exchange.onClientAborted();
        }
    }

    /** The bytes read and not parsed yet, whose buffer is now the caller's; null if there are none. */
    ByteBuffer takeInput() {
        return input.take();
    }

    /** Takes a buffer back with what is behind the request, for the next one; null does nothing. */
    void putBack(ByteBuffer rest) {
        input.put(rest);
    }

    /** Whether nothing has been read behind the request. */
    boolean hasSentNothingMore() {
        return input.isEmpty();
    }

    /** The deadline of the exchange in hand has moved, perhaps to an earlier time. */
    void onDeadlineMoved() {
        loop.timers().scheduleNoLater(timer, exchange.deadlineNs());
    }

    /** The exchange is over. */
    void onExchangeEnd(Fate fate) {
        exchange = null;
        switch (fate) {
            case STAYS -> onResponseSent();
            case LINGERS -> linger();
            case CLOSES -> session.close();
            case RESETS -> session.reset();
        }
    }

    private void onResponseSent() {
        boolean goesOn = session.onExchangeEnd();
        // Input that is there already is a request, which is served before the connection is idle.
        enter(State.IDLE, input.isEmpty() ? mostIdleNs() : timeouts().keepAliveNs());
        if (!input.isEmpty()) {
            // Deferred, since each of many pipelined requests would otherwise add to the depth of the stack.
            loop.defer(parseInput);
        } else if (goesOn && !input.isEnded()) {
            connection.wantRead(true);
        } else {
            session.close();
        }
    }

    /** The exchange's tunnel takes the connection over. @return as {@link #takeInput} */
    ByteBuffer onTunnel() {
        state = State.TUNNEL;
        loop.timers().cancel(timer);
        return takeInput();
    }

    // ---- the end ----

    /**
     * Half-closes the connection and for a while discards what the client still sends. Closing at once could make the
     * kernel send a reset, and the client could lose the response (RFC 9112, section 9.6).
     */
    private void linger() {
        if (input.isEnded()) {
            session.close();
            return;
        }
        input.clear();
        enter(State.LINGERING, LINGER_NS);
        connection.shutdownOutput();
        connection.wantWrite(false);
        connection.wantRead(true);
    }

    /** Called by the session only, as it ends. */
    void close(boolean abortively) {
        state = State.CLOSED;
        loop.timers().cancel(timer);
        input.clear();
        if (abortively) {
            connection.abort();
        } else {
            connection.close();
        }
    }
}
