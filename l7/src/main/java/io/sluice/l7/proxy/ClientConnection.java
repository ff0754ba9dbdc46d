package io.sluice.l7.proxy;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.pool.Server;
import io.sluice.core.relay.RelayOwner;
import io.sluice.core.stats.Counter;
import io.sluice.core.worker.Admission;
import io.sluice.core.worker.AdmissionHandler;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Session;
import io.sluice.l7.http.Outcome;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's HTTP/1.1 connection: takes request heads out of it, one exchange after the other, in order.
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
final class ClientConnection extends Session
        implements AdmissionHandler, ConnectionOwner, RelayOwner, TimerHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private enum State { ADMISSION, IDLE, HEAD, EXCHANGE, LINGERING, TUNNEL, CLOSED }

    private final EventLoop loop;
    private final Connection connection;
    private final ClientInput input;
    private final Timer timer = new Timer(this);
    private final Runnable parseInput = this::parseInput;
    private final Admission admission;
    private HttpService service;
    /** The exchange in hand is the last one that the service serves: it has been replaced, or its listener is gone. */
    private boolean changesService;
    private State state = State.ADMISSION;
    private ClientIdentity identity;
    /** From the first byte of a request to its end. */
    private Exchange exchange;
    /** When the present state has to be over; what counts in EXCHANGE the exchange knows. */
    private long deadlineNs;
    private int requests;

    ClientConnection(HttpService service, SocketChannel channel) {
        this.service = service;
        loop = service.worker().loop();
        connection = new Connection(loop, channel, this);
        connection.countFor(service.traffic());
        input = new ClientInput(connection, service.worker().buffers());
        admission = new Admission(service.worker(), service.listener(), connection, this);
    }

    void start() {
        service.enter();
        service.worker().onSessionStart(this);
        admission.start();
    }

    Connection connection() {
        return connection;
    }

    /** When bytes last moved. */
    long lastActiveNs() {
        return connection.lastActiveNs();
    }

    ClientIdentity identity() {
        return identity;
    }

    /** Whether the connection may stay open after the exchange in hand, as far as this side is concerned. */
    boolean mayStay() {
        return requests < service.config().limits().requestsPerConnection() && !service.isEnding();
    }

    @Override
    public Listener listener() {
        return service.listener();
    }

    @Override
    public InetSocketAddress client() {
        return identity == null ? connection.remoteAddress() : identity.address();
    }

    @Override
    public String pool() {
        return exchange == null ? null : exchange.pool();
    }

    @Override
    public String phase() {
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

    @Override
    public int requests() {
        return requests;
    }

    @Override
    public Server server() {
        return exchange == null ? null : exchange.connectedServer();
    }

    @Override
    public void abort(Termination termination) {
        if (exchange != null) {
            exchange.abort(termination);
        } else {
            closeNow(true);
        }
    }

    @Override
    public void kill() {
        abort(Termination.KILLED_DATA);
    }

    @Override
    public void onSnapshot() {
        if (exchange == null) {
            changeService();
        } else {
            changesService = true;
        }
    }

    /** What follows is served by what has taken the service's place; if nothing has, the connection is to end. */
    private void changeService() {
        HttpService next = service.current();
        changesService = next == null;
        if (next == null) {
            drain();
        } else if (next != service) {
            service.leave();
            service = next;
            service.enter();
            identity = identity == null ? null : identity.as(isTrusted(identity.address()), certificate());
        }
    }

    private byte[] certificate() {
        return service.certificateFields().lines(connection.tlsSession());
    }

    private boolean isTrusted(InetSocketAddress client) {
        return service.trusted().contains(client.getAddress());
    }

    @Override
    public void drain() {
        if (state == State.IDLE && input.isEmpty()) {
            closeNow(false);
        }
    }

    @Override
    public void giveWay() {
        // A client that has yet to send its first request has waited for its turn.
        if (state == State.IDLE && requests > 0 && input.isEmpty()) {
            service.worker().stats().count(Counter.IDLE_CLIENTS_CLOSED);
            closeNow(false);
        }
    }

    @Override
    public void onAdmitted(InetSocketAddress client, InetSocketAddress listener, ByteBuffer behindHeader) {
        identity = ClientIdentity.of(client, listener, isTrusted(client), connection.isSecure(), certificate());
        connection.owner(this);
        connection.wantRead(true);
        awaitRequest(loop.nowNs() + service.timeouts().requestHeaderNs());
        input.put(behindHeader);
        parseInput();
    }

    @Override
    public void onRefused(Termination termination) {
        closeNow(true);
    }

    /** Most likely it speaks HTTP, so that is how it is told that it should have spoken TLS. */
    @Override
    public void onPlainClient() {
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
                    closeNow(false);
                }
            }
            case ADMISSION, TUNNEL, CLOSED -> { }
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("a connection of listener {} failed", service.listener().name(), failure);
        abort(Termination.INTERNAL_ERROR);
    }

    @Override
    public void onTimer(long nowNs) {
        long dueNs = state == State.EXCHANGE ? exchange.deadlineNs() : deadlineNs;
        if (dueNs - nowNs > 0) {
            loop.timers().schedule(timer, dueNs);
            return;
        }
        switch (state) {
            case IDLE, LINGERING -> closeNow(false);
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

    /**
     * The response has been sent.
     *
     * @param closesAtOnce whether, if the connection does not stay, the client sends nothing more for sure
     */
    void onExchangeEnd(boolean stays, boolean closesAtOnce) {
        exchange = null;
        if (!stays) {
            if (closesAtOnce || input.isEnded()) {
                closeNow(false);
            } else {
                linger();
            }
            return;
        }
        if (changesService) {
            changeService();
        }
        awaitRequest(loop.nowNs() + service.timeouts().keepAliveNs());
        if (!input.isEmpty()) {
            // Not from within the exchange's last call: a row of pipelined requests would nest.
            loop.defer(parseInput);
        } else if (input.isEnded() || changesService || service.isEnding()) {
            closeNow(false);
        } else {
            connection.wantRead(true);
        }
    }

    /** The exchange has come to nothing and nothing more can be said: the client is to see that it was cut short. */
    void onExchangeAborted() {
        exchange = null;
        closeNow(true);
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
        closeNow(false);
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
            exchange.onClientAborted();
        } else {
            closeNow(false);
        }
    }

    private void parseInput() {
        if (state == State.IDLE && !input.isEmpty()) {
            parseHead();
        }
    }

    private void parseHead() {
        if (exchange == null) {
            exchange = service.takeExchange();
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

    private void onHeadIncomplete() {
        if (input.isEnded()) {
            state = State.HEAD;
            exchange.onClientAborted();
        } else if (state == State.IDLE) {
            state = State.HEAD;
            // Absolute: a client that sends its head byte by byte gains no time.
            deadlineNs = loop.nowNs() + service.timeouts().requestHeaderNs();
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
        deadlineNs = loop.nowNs() + service.timeouts().lingerNs();
        loop.timers().scheduleNoLater(timer, deadlineNs);
        connection.shutdownOutput();
        connection.wantWrite(false);
        connection.wantRead(true);
    }

    private void closeNow(boolean abortively) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        admission.cancel();
        loop.timers().cancel(timer);
        input.clear();
        if (abortively) {
            connection.abort();
        } else {
            connection.close();
        }
        service.worker().onSessionEnd(this, service.listener());
        service.leave();
    }
}
