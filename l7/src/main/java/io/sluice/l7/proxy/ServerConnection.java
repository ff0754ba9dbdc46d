package io.sluice.l7.proxy;

import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.pool.Server;

/**
 * One connection to a server that speaks HTTP/1.1: serves one exchange at a time and is kept for others in between.
 * It always asks for readable events, so that a server's close is seen as soon as it arrives, and switching between
 * exchanges changes no interest. Owned by one event loop.
 */
final class ServerConnection implements ConnectionOwner {

    private final Connection connection;
    private final Server server;
    private final IdleConnections idle;
    /** Whose request it carries; null while it is idle. */
    private Forwarding user;
    private int exchanges;
    private long idleSinceNs;
    /** The cycle whose events tell of what was before the request, if any does. */
    private long doubtfulNs;
    private boolean doubtful;

    ServerConnection(Connection connection, Server server, IdleConnections idle) {
        this.connection = connection;
        this.server = server;
        this.idle = idle;
        connection.owner(this);
    }

    Connection connection() {
        return connection;
    }

    Server server() {
        return server;
    }

    /** Exchanges that this connection has carried or carries. */
    int exchanges() {
        return exchanges;
    }

    long idleSinceNs() {
        return idleSinceNs;
    }

    /** It was taken without a look whether the server has closed it or said something: this cycle may tell so yet. */
    void doubtUntilAfter(long cycleNs) {
        doubtfulNs = cycleNs;
        doubtful = true;
    }

    void beginExchange(Forwarding by) {
        user = by;
        exchanges++;
        connection.wantRead(true);
    }

    /** The exchange is over and the connection fit for another one. */
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

    /** The same in the middle of a message, so that the server notices. */
    void abort() {
        user = null;
        connection.abort();
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        if (user != null) {
            boolean answers = !doubtful || doubtfulNs != idle.nowNs();
            doubtful = false;
            if (answers) {
                user.onServerReady(readyOps);
            } else {
                user.onServerSpokeBefore();
            }
        } else if (!idle.isSilent(this)) {
            // Closed by the server, or it says what no one has asked for. What TLS says of its own is neither.
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
