package io.sluice.core.net;

import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.Target;
import io.sluice.core.pool.TriedServers;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PoolCount;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets one client one connection to one server of a pool: picks a server, waits in the pool's queue if none has a slot
 * free or, if the pool holds clients, if there is no server at all; connects within the time allowed, and tries
 * another server if that fails. Where the pool speaks TLS, a server is connected when the handshake is over. A server
 * that loses the wanted role before it is connected is left again. At most one attempt is under way at any time, so
 * that a client never has two sessions on servers.
 *
 * <pre>
 *   IDLE ── start ──▶ (pick) ── picked ───────────────▶ CONNECTING ── connected ──▶ DONE
 *                       │  ▲                              │
 *               none    │  ├──── lost its role ────────────┤
 *               free    │  └──── failed, retries left ────┤
 *                       ▼                                 └── failed for good ──▶ DONE
 *                    QUEUED ── slot granted ──▶ CONNECTING
 *                       └── timeout, no server left ──▶ DONE
 *   cancel leads from anywhere to DONE, silently.
 * </pre>
 *
 * <p>On success the server's slot is the client's; it gives it back through {@link #releaseServer} when done.
 *
 * <p>Owned by one event loop.
 */
public final class ConnectAttempts implements ConnectionOwner, TimerHandler, QueuePlace.Owner, TlsHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectAttempts.class);

    private enum State { IDLE, QUEUED, CONNECTING, DONE }

    private final EventLoop loop;
    private final ConnectHandler handler;
    private final QueuePlace place;
    private final Timer timer = new Timer(this);
    private State state = State.IDLE;
    private Connector connector;
    private Target target;
    private Pool pool;
    private PoolConfig config;
    private int mostRetries;
    private long clientHash;
    private InetSocketAddress clientAddress;
    private InetSocketAddress listenerAddress;
    private TriedServers tried = TriedServers.NONE;
    private int retries;
    private Server server;
    /** What is counted of the server; null as long as there is none. */
    private Traffic traffic;
    private long attemptNs;
    private Connection connection;
    /** Null as long as none has begun. */
    private TlsHandshake handshake;
    private long startedNs;
    private long doneNs;

    public ConnectAttempts(EventLoop loop, ConnectHandler handler) {
        this.loop = loop;
        this.handler = handler;
        place = new QueuePlace(loop, this);
    }

    /**
     * Makes ready to start, for the first time or anew after the end.
     *
     * @param connector       to the pool
     * @param mostRetries     attempts after a failed one, each on another server
     * @param clientAddress   the client, as servers learn of it by the PROXY protocol
     * @param listenerAddress where the client connected to, likewise
     */
    public void prepare(Connector connector, int mostRetries, InetSocketAddress clientAddress,
                        InetSocketAddress listenerAddress) {
        assert state == State.IDLE || state == State.DONE;
        this.connector = connector;
        this.mostRetries = mostRetries;
        target = connector.target();
        pool = connector.pool();
        config = connector.config();
        state = State.IDLE;
        server = null;
        traffic = null;
        connection = null;
        retries = 0;
        tried = TriedServers.NONE;
        this.clientAddress = clientAddress;
        this.listenerAddress = listenerAddress;
        startedNs = loop.nowNs();
        place.reset();
    }

    /**
     * Begins. The handler may be called before this returns.
     *
     * @param hash of the client's address or of what else the pool balances by
     */
    public void start(long hash) {
        assert state == State.IDLE;
        clientHash = hash;
        tryNext();
    }

    /** Begins anew after the end, for the same client, without the servers that are excluded. */
    public void restart(int newMostRetries) {
        makeReadyAgain(newMostRetries);
        tryNext();
    }

    /** The same, with a first attempt on a server whose slot the caller has taken. */
    public void restartOn(Server first, int newMostRetries) {
        makeReadyAgain(newMostRetries);
        connect(first);
    }

    private void makeReadyAgain(int newMostRetries) {
        assert state == State.DONE;
        state = State.IDLE;
        mostRetries = newMostRetries;
        retries = 0;
        startedNs = loop.nowNs();
        place.reset();
    }

    /** Begins with a first attempt on a server whose slot the caller has taken. */
    public void startOn(Server first, long hash) {
        assert state == State.IDLE;
        clientHash = hash;
        connect(first);
    }

    /** Gives up silently: the client is gone. */
    public void cancel() {
        State before = state;
        done();
        switch (before) {
            case QUEUED -> place.leave();
            case CONNECTING -> {
                connection.abort();
                releaseServer();
            }
            case IDLE, DONE -> { }
        }
    }

    /** Gives back the slot on the server that the connection was made to. */
    public void releaseServer() {
        pool.release(server);
    }

    public boolean isQueued() {
        return state == State.QUEUED;
    }

    /** The server that was tried last, or null. */
    public Server server() {
        return server;
    }

    /** What this worker counts of that server, or null. */
    public Traffic traffic() {
        return traffic;
    }

    /** Attempts after the first one. */
    public int retries() {
        return retries;
    }

    /** Time spent in the queue; negative before the start. */
    public long queueNs() {
        return target == null ? -1 : place.waitedNs();
    }

    /** Whether the client has waited although there was no server for it to wait for. */
    public boolean wasHeld() {
        return place.wasHeld();
    }

    /** Time from start to the end of the attempts, without the queue; a negative number as long as they go on. */
    public long connectNs() {
        return state == State.DONE ? doneNs - startedNs - place.waitedNs() : -1;
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        try {
            if (connection.finishConnect()) {
                connection.wantConnect(false);
                onConnected();
            }
        } catch (IOException e) {
            onAttemptFailed(Termination.SERVER_REFUSED);
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("connecting to a server failed", failure);
        // The handler may have failed to take over what it was given.
        boolean leftBehind = state == State.DONE && !failed.isClosed();
        cancel();
        if (leftBehind) {
            failed.abort();
            releaseServer();
        }
        handler.onServerFailed(Termination.INTERNAL_ERROR);
    }

    @Override
    public void onTimer(long nowNs) {
        onAttemptFailed(Termination.SERVER_TIMEOUT_CONNECT);
    }

    @Override
    public void onServerGranted(Server granted) {
        assert state == State.QUEUED : state;
        connect(granted);
    }

    @Override
    public void onQueueEnd(Termination termination) {
        assert state == State.QUEUED : state;
        fail(termination);
    }

    private void tryNext() {
        Server picked = target.queueLength() > 0 ? null : target.pick(clientHash, tried);
        if (picked != null) {
            connect(picked);
        } else if (pool.holds() || target.hasUntried(tried)) {
            state = State.QUEUED;
            if (place.tryEnter(target, clientHash, tried)) {
                connector.counts().count(PoolCount.QUEUED);
            } else {
                fail(Termination.PROXY_QUEUE_FULL);
            }
        } else {
            fail(Termination.SERVER_REFUSED);
        }
    }

    private void connect(Server picked) {
        server = picked;
        traffic = picked.traffic().of(loop.index());
        attemptNs = loop.nowNs();
        if (handler.reusesConnection(picked)) {
            reached();
            handler.onConnectionReused();
            return;
        }
        state = State.CONNECTING;
        SocketChannel channel;
        try {
            channel = connector.open();
        } catch (IOException e) {
            connector.onOwnFailure(server, e);
            releaseServer();
            fail(Termination.RESOURCE_CONNECT);
            return;
        }
        connection = Connection.toServer(loop, channel, this);
        connection.countFor(traffic);
        try {
            if (connector.connect(channel, server)) {
                onConnected();
            } else {
                connection.wantConnect(true);
                loop.timers().schedule(timer, loop.nowNs() + config.timeouts().connect().toNanos());
            }
        } catch (BindException e) {
            // All local ports towards this server are taken (connect(2), EADDRNOTAVAIL), which is no fault of its own.
            connector.onOwnFailure(server, e);
            tryAnother(Termination.RESOURCE_CONNECT);
        } catch (IOException e) {
            onAttemptFailed(Termination.SERVER_REFUSED);
        }
    }

    private void onConnected() {
        if (connector.tls() == null) {
            noteConnected();
        }
        if (!target.admits(server)) {
            leaveServer();
            tryNext();
        } else if (!sendProxyHeader()) {
            onAttemptFailed(Termination.SERVER_REFUSED);
        } else if (connector.tls() == null) {
            hand();
        } else {
            loop.timers().cancel(timer);
            handshake = connector.tls().handshake(connection, this);
            handshake.start(server.config().address());
        }
    }

    @Override
    public void onTlsEstablished() {
        noteConnected();
        if (target.admits(server)) {
            hand();
        } else {
            leaveServer();
            tryNext();
        }
    }

    @Override
    public void onTlsFailed(Failure failure, String reason) {
        connector.onTlsFailure(server, reason);
        onAttemptFailed(failure == Failure.LATE ? Termination.SERVER_TIMEOUT_CONNECT : Termination.SERVER_REFUSED);
    }

    private void noteConnected() {
        connector.onConnected();
        connector.states().connectSucceeded(server);
    }

    private void hand() {
        traffic.count(TrafficCount.CONNECTIONS);
        traffic.record(Latency.CONNECT, loop.nowNs() - attemptNs);
        reached();
        handler.onServerConnected(connection);
    }

    private void reached() {
        traffic.record(Latency.QUEUE, place.waitedNs());
        if (place.wasEntered()) {
            traffic.count(TrafficCount.QUEUED);
        }
        done();
    }

    /** A new socket's send buffer is empty and holds far more than the header: a partial write means it is broken. */
    private boolean sendProxyHeader() {
        ProxyProtocolVersion version = config.sendProxyProtocol();
        if (version == ProxyProtocolVersion.OFF) {
            return true;
        }
        ByteBuffer header = ByteBuffer.allocate(ProxyProtocol.MOST_SENT_BYTES);
        ProxyProtocol.encode(version, clientAddress, listenerAddress, header);
        connection.write(header.flip());
        return !header.hasRemaining();
    }

    private void onAttemptFailed(Termination termination) {
        connector.states().connectFailed(server);
        traffic.errors().count(termination.label());
        tryAnother(termination);
    }

    private void tryAnother(Termination termination) {
        leaveServer();
        if (retries == mostRetries || !excludeServer() && !pool.holds()) {
            fail(termination);
            return;
        }
        retries++;
        traffic.count(TrafficCount.RETRIES);
        connector.counts().count(PoolCount.RETRIES);
        tryNext();
    }

    private void leaveServer() {
        loop.timers().cancel(timer);
        cancelHandshake();
        connection.abort();
        releaseServer();
    }

    private void cancelHandshake() {
        if (handshake != null) {
            handshake.cancel();
            handshake = null;
        }
    }

    /** Roles have changed: an attempt on a server that is not wanted any more is given up for another one. */
    public void reconsider() {
        if (state == State.CONNECTING && !target.admits(server)) {
            leaveServer();
            tryNext();
        }
    }

    /** Tries the last server no more; false if there is no other. */
    public boolean excludeServer() {
        if (tried == TriedServers.NONE) {
            tried = new TriedServers();
        }
        tried.add(server);
        return target.hasUntried(tried);
    }

    private void fail(Termination termination) {
        countFailure(termination);
        done();
        handler.onServerFailed(termination);
    }

    private void countFailure(Termination termination) {
        switch (termination) {
            case PROXY_QUEUE_FULL -> connector.counts().count(PoolCount.QUEUE_FULL);
            case SERVER_TIMEOUT_QUEUE -> connector.counts().count(PoolCount.QUEUE_TIMEOUTS);
            case SERVER_REFUSED -> {
                if (server == null) {
                    connector.counts().count(PoolCount.NO_SERVER);
                }
            }
            default -> { }
        }
    }

    private void done() {
        if (state != State.DONE) {
            state = State.DONE;
            doneNs = loop.nowNs();
            loop.timers().cancel(timer);
            cancelHandshake();
        }
    }
}
