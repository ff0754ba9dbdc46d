package io.sluice.core.pool;

import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.config.ServerConfig.AdminState;

/** The facts that one server's state follows from. Guarded by its {@link ServerStates}. */
final class Condition {

    Health health;
    boolean ejected;
    /** Ejections without a lasting readmission between them. */
    int ejections;
    /** Number of the latest ejection, never reused, by which a timer knows whether its ejection is still the latest. */
    long lastEjection;
    long readmittedNs;
    /** Whether it was logged that the server should be ejected but has to stay, and still has to. */
    boolean toldToStay;
    /** The state that was known last; null if none has been. */
    ServerState known;
    /** Whether the server is in the pool, so that its state counts. */
    private boolean joined;
    /** What was learned last about a server that has yet to join; null if nothing was. */
    private String learned;

    /** The condition of a server that joins a pool of this configuration. */
    Condition(PoolConfig config) {
        health = initialHealth(config);
    }

    /** The server is in the pool from now on. @return what was kept for this moment, or null */
    String join() {
        joined = true;
        String reason = learned;
        learned = null;
        return reason;
    }

    /** Keeps what was learned if the server has yet to join: the reload may still fail, and then nothing was true. */
    boolean keeps(String reason) {
        if (!joined) {
            learned = reason;
        }
        return !joined;
    }

    private static Health initialHealth(PoolConfig config) {
        boolean counts = config.healthCheck().isEmpty() || config.initialState() == InitialState.UP;
        return counts ? Health.GOOD : Health.UNKNOWN;
    }

    /**
     * The configuration or the administrative state has changed: what was known about the server's health may be
     * outdated.
     */
    void learnAnew(PoolConfig config, AdminState before, AdminState after) {
        if (config.healthCheck().isEmpty()) {
            health = Health.GOOD;
        } else if (before == AdminState.MAINTENANCE && after != AdminState.MAINTENANCE) {
            // The server was not checked during maintenance.
            health = initialHealth(config);
        }
    }

    /** The server has been found to work, which also ends an ejection. */
    void recovered() {
        health = Health.GOOD;
        ejected = false;
        ejections = 0;
    }

    /** Whether the server is down only because nothing is known before its next check. */
    boolean awaitsCheck(Server server) {
        return stateOf(server) == ServerState.DOWN && server.address() != null && health == Health.UNKNOWN;
    }

    ServerState stateOf(Server server) {
        if (server.adminState() == AdminState.MAINTENANCE) {
            return ServerState.MAINTENANCE;
        }
        if (server.address() == null || health != Health.GOOD) {
            return ServerState.DOWN;
        }
        if (server.weight() == 0 || server.adminState() == AdminState.DRAIN) {
            return ServerState.DRAINING;
        }
        return ejected ? ServerState.EJECTED : ServerState.UP;
    }

    /**
     * Counts one more ejection in a row. Starts over if the server stayed in for longer than {@code ejections *
     * ejectForNs}.
     */
    void countEjection(long nowNs, long ejectForNs) {
        boolean lasted = nowNs - readmittedNs > ejections * ejectForNs;
        ejections = ejections == 0 || lasted ? 1 : ejections + 1;
        lastEjection++;
    }
}
