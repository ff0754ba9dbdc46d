package io.sluice.l7.proxy;

import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.pool.Server;

/**
 * One HTTP/1.1 connection to a server: serves one exchange at a time and idles in {@link IdleConnections} in between.
 * An idle connection asks for readable events, so that a server's close is seen at once, and beginning an exchange
 * changes no interest set. Owned by one event loop.
 */
final class ServerConnection implements ConnectionOwner {

    private final Connection connection;
    private final Server server;
    private final IdleConnections idle;
    /** The user of this connection; null while it is idle. */
    private Forwarding user;
    private int exchanges;
    private long idleSinceNs;
    /** The last cycle whose events tell of what the server did before it got the request; at first there is none. */
    private long doubtfulNs = Long.MIN_VALUE;

    ServerConnection(Connection connection, Server server, IdleConnections idle) {
        this.connection = connection;
        this.server = server;
        this.idle = idle;
        connection.owner(this);
        connection.keepAlive();
    }

    Connection connection() {
        return connection;
    }

    Server server() {
        return server;
    }

    /** How many exchanges this connection has served, the present one included. */
    int exchanges() {
        return exchanges;
    }

    long idleSinceNs() {
        return idleSinceNs;
    }

    /** Says that this was taken unchecked: events of this cycle may still tell of a close or of unasked bytes. */
    void doubtUntilAfter(long cycleNs) {
        doubtfulNs = cycleNs;
    }

    void beginExchange(Forwarding by) {
        user = by;
        exchanges++;
        connection.endSilence();
        connection.wantRead(true);
    }

    /** The exchange is over; the connection becomes idle. */
    void keep(long nowNs) {
        user = null;
        idleSinceNs = nowNs;
        connection.wantRead(true);
        idle.put(this);
    }

    /** The exchange is over, and so is the connection. */
    void close() {
        user = null;
        connection.close();
    }

    /** The exchange was cut short: resets the connection, so that the server can tell. */
    void abort() {
        user = null;
        connection.abort();
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        if (user != null) {
            if (doubtfulNs == idle.nowNs()) {
                user.onServerSpokeBefore();
            } else {
                user.onServerReady(this, readyOps);
            }
        } else if (!idle.isSilent(this)) {
            // The server has closed, or has sent bytes unasked; messages of TLS itself do not count as such.
            idle.remove(this);
            close();
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        if (user != null) {
            user.onBug(failure);
        } else {
            idle.remove(this);
            close();
        }
    }
}
