package io.sluice.l7.proxy;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.ConnectAttempts;
import io.sluice.core.net.ConnectHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.WorkerStats;
import io.sluice.l7.http.HeaderFields;

/**
 * One exchange's hold on a server: the slot on it, and a connection to it, kept from earlier exchanges or new. Finds
 * another one when asked to, and gives both back. Owned by one event loop; used again for other exchanges.
 */
final class ServerLease implements ConnectHandler {

    private final EventLoop loop;
    private final Forwarding forwarding;
    private final ConnectAttempts attempts;
    private HttpPool pool;
    /** Null as long as there is none. */
    private ServerConnection connection;
    private boolean reused;
    /** Kept connections are not to be used: one has just turned out closed. */
    private boolean freshOnly;
    /** Whether a kept connection is checked before its use, because the request would not be sent again. */
    private boolean checked;
    private boolean pinned;

    /** @param forwarding is told of a server, or that none could be had; also from within methods of this */
    ServerLease(EventLoop loop, Forwarding forwarding) {
        this.loop = loop;
        this.forwarding = forwarding;
        attempts = new ConnectAttempts(loop, this);
    }

    /**
     * Finds a server of the pool: the one that the client is pinned to, or one that the balancer chooses.
     *
     * @param hash       what the pool balances by
     * @param isRepeated whether the request is sent again if a kept connection turns out to be closed
     */
    void find(HttpPool in, ClientIdentity client, HeaderFields fields, long hash, boolean isRepeated) {
        pool = in;
        freshOnly = false;
        checked = !isRepeated;
        attempts.prepare(pool.connector(), pool.connectRetries(), client.address(), client.connectedTo());
        Server pin = pinnedServer(fields);
        pinned = pin != null;
        if (pinned) {
            attempts.startOn(pin, hash);
        } else {
            attempts.start(hash);
        }
    }

    /**
     * Gives the connection up and opens another: to the server that the client is pinned to, or to whichever.
     *
     * @param sofar attempts after the first one that the exchange has had
     */
    void findFresh(int sofar) {
        Server used = attempts.server();
        boolean onPin = pinned && attempts.retries() == 0;
        abort();
        freshOnly = true;
        pinned = onPin && pool.pool().tryAcquire(used);
        if (pinned) {
            attempts.restartOn(used, retriesLeft(sofar));
        } else {
            attempts.restart(retriesLeft(sofar));
        }
    }

    /** Leaves the server out from now on; false if there is no other. */
    boolean excludeServer() {
        return attempts.excludeServer();
    }

    /** Gives the connection up and finds another server. @param sofar as above */
    void findAnother(int sofar) {
        abort();
        pinned = false;
        attempts.restart(retriesLeft(sofar));
    }

    private int retriesLeft(int sofar) {
        return Math.max(0, pool.connectRetries() - sofar);
    }

    /** The connection in use, or null. */
    ServerConnection connection() {
        return connection;
    }

    /** When bytes last moved on the connection in use. */
    long lastActiveNs() {
        return connection.connection().lastActiveNs();
    }

    /** Whether the connection has carried other exchanges before. */
    boolean isReused() {
        return reused;
    }

    boolean isQueued() {
        return attempts.isQueued();
    }

    /** The server that was tried last, or null. */
    Server server() {
        return attempts.server();
    }

    /** What this worker counts of that server, or null. */
    Traffic traffic() {
        return attempts.traffic();
    }

    /** The value of a Set-Cookie that pins the client to its server, or null if none is needed. */
    byte[] setCookie() {
        boolean needed = pool.stickyCookie() != null && (!pinned || attempts.retries() > 0);
        return needed ? pool.stickyCookie().setCookie(server()) : null;
    }

    /** Writes down how the search went, and counts it. */
    void tell(Journal journal, WorkerStats stats) {
        long connectNs = connection == null ? Journal.NEVER : attempts.connectNs();
        journal.onServer(attempts.queueNs(), connectNs, attempts.retries());
        journal.onAttempt(connection == null ? null : attempts.traffic());
        if (attempts.retries() > 0) {
            stats.add(Counter.CONNECT_RETRIES, attempts.retries());
        }
        if (attempts.wasHeld()) {
            stats.count(Counter.CLIENTS_HELD);
        }
    }

    /** The exchange is over. @param keep whether the connection can carry others */
    void release(boolean keep) {
        ServerConnection used = connection;
        connection = null;
        if (keep && pool.keepsConnections()) {
            used.keep(loop.nowNs());
        } else {
            used.close();
        }
        attempts.releaseServer();
    }

    /** The exchange is over and the connection is closed already. */
    void releaseClosed() {
        connection = null;
        attempts.releaseServer();
    }

    /** Gives up whatever there is: the search, or the connection, with a reset. */
    void abort() {
        attempts.cancel();
        if (connection != null) {
            connection.abort();
            releaseClosed();
        }
    }

    @Override
    public boolean reusesConnection(Server picked) {
        connection = freshOnly ? null : pool.idle().take(picked, checked);
        return connection != null;
    }

    @Override
    public boolean speaksFirst() {
        return true;
    }

    @Override
    public void onConnectionReused() {
        reused = true;
        forwarding.onServer(connection);
    }

    @Override
    public void onServerConnected(Connection connected) {
        connection = new ServerConnection(connected, attempts.server(), pool.idle());
        reused = false;
        forwarding.onServer(connection);
    }

    @Override
    public void onServerFailed(Termination cause) {
        forwarding.onNoServer(cause);
    }

    /** With its slot taken; null if the client is not pinned, or its server takes no more. */
    private Server pinnedServer(HeaderFields fields) {
        Server pin = pool.stickyCookie() == null ? null : pool.stickyCookie().serverOf(fields);
        return pin != null && pool.pool().tryAcquire(pin) ? pin : null;
    }
}
