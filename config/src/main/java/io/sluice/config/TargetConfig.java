package io.sluice.config;

/** Where TCP clients go: a pool, and which of its servers. Immutable. */
public record TargetConfig(String pool, Wanted wanted) {

    public TargetConfig {
        Checks.name("pool", pool);
    }

    /** Which servers of a pool may take a client. */
    public enum Wanted {
        /** All servers, whatever their role. */
        ANY,
        PRIMARY,
        REPLICA,
        /** Replicas, and the primary for clients that find none. */
        REPLICA_OR_PRIMARY
    }
}
