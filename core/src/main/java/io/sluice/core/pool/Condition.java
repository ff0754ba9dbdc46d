package io.sluice.core.pool;

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

    Condition(Health health) {
        this.health = health;
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
