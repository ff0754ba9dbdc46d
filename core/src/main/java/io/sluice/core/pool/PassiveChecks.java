package io.sluice.core.pool;

/**
 * Judges a pool's servers by live traffic, as workers report it: enough failures in a row eject a server
 * ({@link ServerStates}). Never locks or blocks. Safe from any thread.
 */
public final class PassiveChecks {

    private final Pool pool;
    private final ServerStates states;

    PassiveChecks(Pool pool, ServerStates states) {
        this.pool = pool;
        this.states = states;
    }

    /** A connection attempt has failed. */
    public void connectFailed(Server server) {
        suspect(server);
        count(server.connectFailures(), pool.config().passive().connectFailures(), server,
                " connection attempts in a row failed");
    }

    /** A connection attempt has succeeded. */
    public void connectSucceeded(Server server) {
        server.connectFailures().end();
    }

    /** An exchange has failed by the server's fault: a 5xx, a timeout, a broken response. */
    public void exchangeFailed(Server server) {
        count(server.exchangeFailures(), pool.config().http().passiveErrors(), server,
                " responses in a row were errors");
    }

    /** An exchange has succeeded. */
    public void exchangeSucceeded(Server server) {
        server.exchangeFailures().end();
    }

    /** Has the server checked soon, as it may have stopped working or changed its role. */
    public void suspect(Server server) {
        states.suspect(server);
    }

    /** Forgets all failures of the server. */
    void forget(Server server) {
        server.connectFailures().end();
        server.exchangeFailures().end();
    }

    /** @param most failures that eject the server; 0: none do, and nobody counts them */
    private void count(FailureRow row, int most, Server server, String reason) {
        if (most > 0 && row.lengthen() == most) {
            // Ejecting locks and logs, which is not for a worker's thread.
            Thread.startVirtualThread(() -> states.eject(server, most + reason));
        }
    }
}
