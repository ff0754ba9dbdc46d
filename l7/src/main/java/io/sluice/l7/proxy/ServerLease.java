package io.sluice.l7.proxy;

import io.sluice.core.connect.ConnectAttempts;
import io.sluice.core.connect.ConnectHandler;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.Connection;
import io.sluice.core.pool.Server;
import io.sluice.core.worker.Worker;
import io.sluice.l7.http.HeaderFields;
import java.net.InetSocketAddress;

/**
 * One exchange's hold on a server: a slot and a connection, idle from earlier exchanges or new. Finds a server, finds
 * another one for a retry, and gives slot and connection back. Owned by one event loop; used again for other exchanges.
 */
final class ServerLease implements ConnectHandler {

    /** Which idle connections will do. */
    private enum Reusable {
        ANY,
        /** They are checked before their use, because the request could not be sent again. */
        CHECKED,
        /** None, because one has just turned out closed. */
        NONE
    }

    private final EventLoop loop;
    private final Forwarding forwarding;
    private final Journal journal;
    private final ConnectAttempts attempts;
    private HttpPool pool;
    /** The connection in use, or null. */
    private ServerConnection connection;
    private boolean reused;
    private Reusable reusable;
    /** The server that the client is pinned to, or null. */
    private Server pin;

    /** @param forwarding learns of the server, or that there is none; perhaps before a {@code find} method returns */
    ServerLease(Worker worker, Forwarding forwarding, Journal journal) {
        loop = worker.loop();
        this.forwarding = forwarding;
        this.journal = journal;
        attempts = new ConnectAttempts(loop, worker.stats(), this);
    }

    /**
     * Finds a server of the pool: the one that the client is pinned to, or one that the balancer chooses.
     *
     * @param client      the client's address, for the PROXY protocol header
     * @param connectedTo the listener's, likewise
     * @param fields      of the request
     * @param hash        the hash that the pool balances by
     * @param isRepeated  whether the request may be sent again if an idle connection turns out to be closed
     */
    void find(HttpPool in, InetSocketAddress client, InetSocketAddress connectedTo, HeaderFields fields, long hash,
              boolean isRepeated) {
        pool = in;
        reusable = isRepeated ? Reusable.ANY : Reusable.CHECKED;
        attempts.prepare(pool.connector(), hash, client, connectedTo);
        pin = pool.stickyCookie() == null ? null : pool.stickyCookie().serverOf(fields);
        if (pin == null) {
            attempts.start(retriesLeft());
        } else {
            attempts.startPinned(pin, retriesLeft());
        }
    }

    /** Gives the connection up and opens a new one: to the server that the client is pinned to, or to any server. */
    void findFresh() {
        reusable = Reusable.NONE;
        if (attempts.server() == pin && pin.takesPinned()) {
            // Keeps the slot: others may wait for it.
            connection.abort();
            connection = null;
            attempts.startOn(pin, retriesLeft());
        } else {
            findAnother();
        }
    }

    /** Excludes the present server from further attempts; false if there is no other server. */
    boolean excludeServer() {
        return attempts.excludeServer();
    }

    /** Gives the connection up and finds another server. */
    void findAnother() {
        abort();
        attempts.start(retriesLeft());
    }

    /** How often to retry a failed connect: the exchange's earlier retries count, too. */
    private int retriesLeft() {
        return Math.max(0, pool.connectRetries() - journal.retries());
    }

    /** The connection in use, or null. */
    ServerConnection connection() {
        return connection;
    }

    /** Since when the server in use has been silent. */
    long silentSinceNs() {
        return connection.connection().silentSinceNs();
    }

    /** Whether reading from the server in use waits for a buffer. */
    boolean awaitsBuffer() {
        return connection.connection().awaitsBuffer();
    }

    /** Whether the connection has served other exchanges before. */
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

    /** Whether the client would get another server rather than the one in use; not if it is pinned to that. */
    boolean prefers(Server other) {
        return (connection != null || attempts.isConnecting()) && server() != pin && attempts.prefers(other);
    }

    /** The value of a Set-Cookie that pins the client to its server, or null if none is needed. */
    byte[] setCookie() {
        boolean needed = pool.stickyCookie() != null && server() != pin;
        return needed ? pool.stickyCookie().setCookie(server()) : null;
    }

    /** The exchange is over. @param keep whether the connection may serve others */
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

    /** Gives up the search, or resets the connection unless it is closed already. */
    void abort() {
        if (attempts.cancel()) {
            journal.onSearchEnd(attempts);
        }
        if (connection != null) {
            connection.abort();
            connection = null;
            attempts.releaseServer();
        }
    }

    @Override
    public boolean tryReuse(Server picked) {
        connection = mayReuse() ? pool.idle().take(picked, reusable == Reusable.CHECKED) : null;
        return connection != null;
    }

    private boolean mayReuse() {
        return switch (reusable) {
            // The last retry could not be followed by another one if the connection turned out closed.
            case ANY -> journal.retries() + attempts.retries() < pool.config().http().retry().attempts();
            case CHECKED -> true;
            case NONE -> false;
        };
    }

    @Override
    public void onConnectionReused() {
        reused = true;
        onServer();
    }

    @Override
    public void onServerConnected(Connection connected) {
        connection = new ServerConnection(connected, attempts.server(), pool.idle());
        reused = false;
        onServer();
    }

    private void onServer() {
        journal.onServer(attempts);
        forwarding.onServer(connection);
    }

    @Override
    public void onServerFailed(Termination cause) {
        journal.onSearchEnd(attempts);
        forwarding.onNoServer(cause);
    }
}
