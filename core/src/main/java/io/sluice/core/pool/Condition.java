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
    /** Number of the latest ejection, never used again, so that a timer knows whether it is for this one. */
    long lastEjection;
    long readmittedNs;
    /** Whether it has been logged that the server should be out but may not; once for each row of such times. */
    boolean toldToStay;
    /** Whether a state has been logged yet. */
    boolean told;

    /** A server's that joins a pool of this configuration. */
    Condition(PoolConfig config) {
        health = initialHealth(config);
    }

    private static Health initialHealth(PoolConfig config) {
        boolean counts = config.healthCheck().isEmpty() || config.initialState() == InitialState.UP;
        return counts ? Health.GOOD : Health.UNKNOWN;
    }

    /** The configuration is that now, or an operator has changed the state: what was known may hold no more. */
    void learnAnew(PoolConfig config, AdminState before, AdminState after) {
        if (config.healthCheck().isEmpty()) {
            health = Health.GOOD;
        } else if (before == AdminState.MAINTENANCE && after != AdminState.MAINTENANCE) {
            // It has not been checked meanwhile.
            health = initialHealth(config);
        }
    }

    /** The server has been found to work, which also ends an ejection. */
    void recovered() {
        health = Health.GOOD;
        ejected = false;
        ejections = 0;
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

    /** A server that was good for longer than it had been out starts over. */
    void countEjection(long nowNs, long ejectForNs) {
        boolean lasted = nowNs - readmittedNs > ejections * ejectForNs;
        ejections = ejections == 0 || lasted ? 1 : ejections + 1;
        lastEjection++;
    }
}
