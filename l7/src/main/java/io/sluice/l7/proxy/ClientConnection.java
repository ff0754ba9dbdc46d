package io.sluice.l7.proxy;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.relay.RelayOwner;
import io.sluice.l7.http.Outcome;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/1.1 connection of a {@link HttpSession}: takes request heads out of it, one exchange after the other, in
 * order.
 *
 * <pre>
 *   ADMISSION ──▶ IDLE ── first byte ──▶ HEAD ── head whole or refused ──▶ EXCHANGE
 *                  ▲                                                          │
 *                  └────────────── response sent, connection stays ───────────┤
 *                                             upgraded ──▶ TUNNEL ──▶ CLOSED  │
 *                  CLOSED ◀── client has read it, or had time to ── LINGERING ◀┘ response sent, connection ends
 *   any ── client gone, time over, killed ──▶ CLOSED
 * </pre>
 *
 * <p>An idle connection holds neither a buffer nor an exchange. Readable events are always asked for, except when what
 * would be read has no place to go.
 *
 * <p>Owned by one event loop.
 */
final class ClientConnection implements ConnectionOwner, RelayOwner, TimerHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** What becomes of the connection when an exchange is over. */
    enum Fate {
        /** It awaits the next request. */
        STAYS,
        /** It ends when the client has read the response, or had the time to. */
        LINGERS,
        /** It ends at once: the client sends nothing more for sure. */
        CLOSES
    }

    private enum State { ADMISSION, IDLE, HEAD, EXCHANGE, LINGERING, TUNNEL, CLOSED }

    private final HttpSession session;
    private final EventLoop loop;
    private final Connection connection;
    private final ClientInput input;
    private final Timer timer = new Timer(this);
    private final Runnable parseInput = this::parseInput;
    private State state = State.ADMISSION;
    /** From the first byte of a request to its end. */
    private Exchange exchange;
    /** When the present state has to be over; what counts in EXCHANGE the exchange knows. */
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

    Connection connection() {
        return connection;
    }

    /** When bytes last moved. */
    long lastActiveNs() {
        return connection.lastActiveNs();
    }

    ClientIdentity identity() {
        return session.identity();
    }

    /** Whether the connection may stay open after the exchange in hand, as far as this side is concerned. */
    boolean mayStay() {
        HttpService service = session.service();
        return requests < service.config().limits().requestsPerConnection() && !service.isEnding();
    }

    /** The exchange in hand, or null. */
    Exchange exchange() {
        return exchange;
    }

    /** Requests that have come. */
    int requests() {
        return requests;
    }

    /** Whether nothing is under way. */
    boolean isIdle() {
        return state == State.IDLE && input.isEmpty();
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** What it is doing, in a word. */
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

    /** The client has been admitted. @param received what it has sent, now this connection's; or null */
    void begin(ByteBuffer received) {
        connection.owner(this);
        connection.wantRead(true);
        awaitRequest(loop.nowNs() + session.service().timeouts().requestHeaderNs());
        input.put(received);
        parseInput();
    }

    /** Most likely the client speaks HTTP, so that is how it is told that it should have spoken TLS. */
    void refusePlainClient() {
        connection.owner(this);
        connection.write(ByteBuffer.wrap(Ascii.PLAIN_TO_TLS));
        linger();
    }

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
                // What was read ahead comes first, at the end of this cycle.
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
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("a connection of listener {} failed", session.listener().name(), failure);
        session.abort(Termination.INTERNAL_ERROR);
    }

    @Override
    public void onTimer(long nowNs) {
        long dueNs = state == State.EXCHANGE ? exchange.deadlineNs() : deadlineNs;
        if (dueNs - nowNs > 0) {
            loop.timers().schedule(timer, dueNs);
            return;
        }
        switch (state) {
            case IDLE, LINGERING -> session.close();
            case HEAD -> {
                input.clear();
                state = State.EXCHANGE;
                exchange.onHeadTimeout();
            }
            case EXCHANGE -> exchange.onTimeout();
            case ADMISSION, TUNNEL, CLOSED -> { }
        }
    }

    /** The deadline of the exchange in hand has moved, perhaps to an earlier time. */
    void onDeadlineMoved() {
        loop.timers().scheduleNoLater(timer, exchange.deadlineNs());
    }

    /** The response has been sent. */
    void onExchangeEnd(Fate fate) {
        exchange = null;
        if (fate == Fate.STAYS) {
            onResponseSent();
        } else if (fate == Fate.CLOSES || input.isEnded()) {
            session.close();
        } else {
            linger();
        }
    }

    private void onResponseSent() {
        boolean goesOn = session.onExchangeEnd();
        awaitRequest(loop.nowNs() + session.service().timeouts().keepAliveNs());
        if (!input.isEmpty()) {
            // Not from within the exchange's last call: a row of pipelined requests would nest.
            loop.defer(parseInput);
        } else if (goesOn && !input.isEnded()) {
            connection.wantRead(true);
        } else {
            session.close();
        }
    }

    /** The exchange has come to nothing and nothing more can be said: the client is to see that it was cut short. */
    void onExchangeAborted() {
        exchange = null;
        session.reset();
    }

    /** The connection is a tunnel's from now on. What was read behind the request goes there, if anything was. */
    ByteBuffer onTunnel() {
        state = State.TUNNEL;
        loop.timers().cancel(timer);
        return takeInput();
    }

    @Override
    public void onRelayEnd(Termination termination) {
        Exchange ended = exchange;
        exchange = null;
        ended.onTunnelEnd(termination);
        session.close();
    }

    /** More of the client's bytes came with the end of the head or of the request. */
    void takeRest(ByteBuffer rest) {
        input.put(rest);
    }

    /** What has come of the request's body, or null. */
    ByteBuffer takeInput() {
        return input.take();
    }

    private void awaitRequest(long untilNs) {
        state = State.IDLE;
        deadlineNs = untilNs;
        loop.timers().scheduleNoLater(timer, untilNs);
    }

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
        Outcome outcome = exchange.request().head().parse(input.bytes());
        if (outcome == Outcome.INCOMPLETE) {
            input.clear();
            onHeadIncomplete();
            return;
        }
        requests++;
        state = State.EXCHANGE;
        if (outcome == Outcome.COMPLETE) {
            exchange.onHead(input.take());
        } else {
            input.clear();
            exchange.onHeadRefused();
        }
    }

    /** Empty lines begin no request: the client is as idle as before. */
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
            state = State.HEAD;
            // Absolute: a client that sends its head byte by byte gains no time.
            deadlineNs = loop.nowNs() + session.service().timeouts().requestHeaderNs();
            loop.timers().scheduleNoLater(timer, deadlineNs);
            connection.wantRead(true);
        }
    }

    private void onReadableInExchange() {
        if (exchange.request().takesBody()) {
            exchange.onClientReadable();
        } else if (exchange.request().isUnderWay() && !exchange.isConnecting()) {
            // It has nowhere to go.
            connection.wantRead(false);
        } else {
            // The body, for which there is no server yet; or the next request, or the end.
            int count = input.readAhead();
            if (count == Connection.END) {
                exchange.onClientEnded();
            } else if (count == Connection.ABORTED) {
                exchange.onClientAborted();
            }
        }
    }

    /**
     * Closing at once while the client still sends would reset the connection, and the client might lose the response
     * over that. So this end is told, and what still comes is thrown away for a while (RFC 9112, section 9.6).
     */
    private void linger() {
        input.clear();
        state = State.LINGERING;
        deadlineNs = loop.nowNs() + session.service().timeouts().lingerNs();
        loop.timers().scheduleNoLater(timer, deadlineNs);
        connection.shutdownOutput();
        connection.wantWrite(false);
        connection.wantRead(true);
    }

    /** For the session's end only. */
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
