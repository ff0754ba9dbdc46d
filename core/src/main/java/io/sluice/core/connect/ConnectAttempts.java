package io.sluice.core.connect;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.Connection;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.Target;
import io.sluice.core.pool.TriedServers;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.PoolCount;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets one client one connection to one server of a pool. Picks a server; waits in the pool's queue if none has a free
 * slot, or if there is no server and the pool holds clients. Connects and has the TLS handshake done within the connect
 * timeout, and tries another server on failure or if the server loses the wanted role. At most one attempt is under way
 * at any time, so that a client never has two sessions on servers.
 *
 * <pre>
 *   IDLE ── start ──▶ (pick) ── picked ───────────────▶ CONNECTING ── connected ──▶ DONE
 *                       │  ▲                              │
 *               none    │  ├──── lost its role ────────────┤
 *               free    │  └──── failed, retries left ────┤
 *                       ▼                                 └── failed for good ──▶ DONE
 *                    QUEUED ── slot granted ──▶ CONNECTING
 *                       ├── no server left ──▶ (pick)
 *                       └── timeout ──▶ DONE
 *   (pick), QUEUED ── the handler has a connection to that server already ──▶ DONE
 *   (pick) ── none to wait for, queue full, no socket to be had ──▶ DONE
 *   IDLE ── startOn ──▶ CONNECTING
 *   IDLE ── startPinned ──▶ CONNECTING, or if the server is full, QUEUED at it, or if its queue is, too, (pick)
 *   DONE ── start, startOn, startPinned ──▶ as from IDLE, for the same client
 *   DONE ── prepare ──▶ IDLE, for another one
 *   cancel leads from anywhere to DONE, silently.
 * </pre>
 *
 * <p>On success the client owns the server's slot; its session gives the slot back through {@link #releaseServer}.
 *
 * <p>Owned by one event loop.
 */
public final class ConnectAttempts implements QueuePlace.Owner, ConnectAttempt.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectAttempts.class);

    private enum State { IDLE, QUEUED, CONNECTING, DONE }

    private final EventLoop loop;
    private final WorkerStats stats;
    private final ConnectHandler handler;
    private final QueuePlace place;
    private State state = State.IDLE;
    private Connector connector;
    private Target target;
    private Pool pool;
    private int mostRetries;
    private long hash;
    private InetSocketAddress clientAddress;
    private InetSocketAddress listenerAddress;
    private TriedServers tried = TriedServers.NONE;
    private int retries;
    private Server server;
    /** This worker's counters of the server; null before a server was picked. */
    private Traffic traffic;
    /** The last attempt; null before the first. */
    private ConnectAttempt attempt;
    private long startedNs;
    private long doneNs;

    /** @param stats of the loop's worker */
    public ConnectAttempts(EventLoop loop, WorkerStats stats, ConnectHandler handler) {
        this.loop = loop;
        this.stats = stats;
        this.handler = handler;
        place = new QueuePlace(loop, this);
    }

    /**
     * Prepares for {@link #start} with a client, the first one or another one.
     *
     * @param connector       to the pool
     * @param hash            of the client's address or another key that the pool balances by
     * @param clientAddress   the client's address, for the PROXY protocol header
     * @param listenerAddress the address that the client connected to, likewise
     */
    public void prepare(Connector connector, long hash, InetSocketAddress clientAddress,
                        InetSocketAddress listenerAddress) {
        assert state == State.IDLE || state == State.DONE;
        state = State.IDLE;
        this.connector = connector;
        target = connector.target();
        pool = connector.pool();
        this.hash = hash;
        this.clientAddress = clientAddress;
        this.listenerAddress = listenerAddress;
        tried = TriedServers.NONE;
        server = null;
        traffic = null;
        attempt = null;
    }

    /**
     * Begins, for the first time or again after the end, without the excluded servers. The handler may be called before
     * this returns.
     *
     * @param mostRetries attempts after a failed one, each on another server
     */
    public void start(int mostRetries) {
        begin(mostRetries);
        tryNext();
    }

    /** The same, with a first attempt on a server whose slot the caller has taken. */
    public void startOn(Server first, int mostRetries) {
        begin(mostRetries);
        connect(first);
    }

    /**
     * The same, with a first attempt on the server that the client is pinned to. If that is full, the client waits in
     * its queue; if there is no room either, it gets another server.
     */
    public void startPinned(Server pin, int mostRetries) {
        begin(mostRetries);
        if (pool.tryAcquire(pin)) {
            connect(pin);
        } else if (!pin.takesPinned() || !tryQueue(pin)) {
            tryNext();
        }
    }

    private void begin(int newMostRetries) {
        assert state == State.IDLE || state == State.DONE;
        state = State.IDLE;
        mostRetries = newMostRetries;
        retries = 0;
        startedNs = loop.nowNs();
        place.reset();
    }

    /** Excludes the last server from further attempts; false if no other server is left. */
    public boolean excludeServer() {
        if (tried == TriedServers.NONE) {
            tried = new TriedServers();
        }
        tried.add(server);
        return target.hasUntried(tried);
    }

    /** Roles have changed: if the server being connected to has lost the wanted role, tries another one. */
    public void reconsider() {
        if (state == State.CONNECTING && !target.admits(server)) {
            attempt.cancel();
            onServerUnwanted();
        }
    }

    /** Gives up silently: the client is gone. @return whether there was anything to give up */
    public boolean cancel() {
        State before = state;
        done();
        switch (before) {
            case QUEUED -> place.leave();
            case CONNECTING -> {
                attempt.cancel();
                releaseServer();
            }
            case IDLE, DONE -> { }
        }
        return before == State.QUEUED || before == State.CONNECTING;
    }

    /** Gives back the slot on the server that the connection was made to. */
    public void releaseServer() {
        pool.release(server);
    }

    public boolean isQueued() {
        return state == State.QUEUED;
    }

    /** Whether a connection to {@link #server} is being made. */
    public boolean isConnecting() {
        return state == State.CONNECTING;
    }

    /** The server that was tried last, or null. */
    public Server server() {
        return server;
    }

    /** Whether the client, which has a server, would be sent to another one rather than to that, if it came now. */
    public boolean prefers(Server other) {
        return target.prefers(other, server);
    }

    /** This worker's counters of that server, or null. */
    public Traffic traffic() {
        return traffic;
    }

    /** Attempts after the first one. */
    public int retries() {
        return retries;
    }

    /** Time spent in the queue; negative before the first {@link #prepare}. */
    public long queueNs() {
        return target == null ? -1 : place.waitedNs();
    }

    /** Time from {@link #start} to the connection, without the queue; to be asked only once there is one. */
    public long connectNs() {
        assert state == State.DONE;
        return doneNs - startedNs - place.waitedNs();
    }

    @Override
    public void onConnected(Connection connection) {
        reached();
        handler.onServerConnected(connection);
    }

    @Override
    public void onAttemptFailed(Termination termination) {
        releaseServer();
        if (retries == mostRetries || !excludeServer() && !pool.holds()) {
            fail(termination);
            return;
        }
        retries++;
        stats.count(Counter.CONNECT_RETRIES);
        traffic.count(TrafficCount.RETRIES);
        connector.counts().count(PoolCount.RETRIES);
        tryNext();
    }

    @Override
    public void onServerUnwanted() {
        releaseServer();
        tryNext();
    }

    @Override
    public void onAttemptBroken(Connection connection, RuntimeException failure) {
        LOG.error("connecting to a server failed", failure);
        // The handler may have thrown before it took the connection over.
        boolean leftBehind = state == State.DONE && !connection.isClosed();
        cancel();
        if (leftBehind) {
            connection.abort();
            releaseServer();
        }
        handler.onServerFailed(Termination.INTERNAL_ERROR);
    }

    @Override
    public void onServerGranted(Server granted) {
        assert state == State.QUEUED : state;
        connect(granted);
    }

    @Override
    public void onNoServer() {
        assert state == State.QUEUED : state;
        tryNext();
    }

    @Override
    public void onQueueTimeout() {
        assert state == State.QUEUED : state;
        fail(Termination.SERVER_TIMEOUT_QUEUE);
    }

    private void tryNext() {
        Server picked = target.queueLength() > 0 ? null : target.pick(hash, tried);
        if (picked != null) {
            connect(picked);
        } else if (pool.holds() || target.hasUntried(tried)) {
            if (!tryQueue(null)) {
                connector.counts().count(PoolCount.QUEUE_FULL);
                fail(Termination.PROXY_QUEUE_FULL);
            }
        } else {
            fail(Termination.SERVER_REFUSED);
        }
    }

    /** Begins to wait; false if the queue is full. @param pin the server that the client is pinned to, or null */
    private boolean tryQueue(Server pin) {
        if (!place.tryEnter(target, pin, hash, tried)) {
            return false;
        }
        state = State.QUEUED;
        handler.onQueued();
        return true;
    }

    private void connect(Server picked) {
        server = picked;
        traffic = picked.traffic().of(loop.index());
        if (handler.tryReuse(picked)) {
            reached();
            handler.onConnectionReused();
            return;
        }
        state = State.CONNECTING;
        try {
            attempt = new ConnectAttempt(connector, server, connector.open(server), this);
            attempt.start(connector.proxyHeader(clientAddress, listenerAddress));
        } catch (IOException e) {
            connector.onOwnFailure(server, e);
            releaseServer();
            fail(Termination.RESOURCE_CONNECT);
        }
    }

    private void reached() {
        place.tell(traffic);
        done();
    }

    private void fail(Termination termination) {
        if (termination == Termination.SERVER_REFUSED && server == null) {
            connector.counts().count(PoolCount.NO_SERVER);
        }
        stats.count(switch (termination) {
            case PROXY_QUEUE_FULL -> Counter.QUEUE_FULL;
            case SERVER_TIMEOUT_QUEUE -> Counter.QUEUE_TIMEOUTS;
            default -> server == null ? Counter.NO_SERVER_UP : Counter.CONNECT_FAILURES;
        });
        done();
        handler.onServerFailed(termination);
    }

    private void done() {
        if (state != State.DONE) {
            state = State.DONE;
            doneNs = loop.nowNs();
            if (place.wasHeld()) {
                stats.count(Counter.CLIENTS_HELD);
            }
        }
    }
}
