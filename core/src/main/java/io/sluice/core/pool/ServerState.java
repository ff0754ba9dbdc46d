package io.sluice.core.pool;

import java.util.Locale;

/** Whether a server takes new connections at present, or why not. */
public enum ServerState {
    /** Takes new connections. */
    UP,
    /** Works by its health checks, but live traffic has failed: gets no new connections for a while. */
    EJECTED,
    /** Gets no new connections; established ones go on. */
    DRAINING,
    /** Does not work: fails its health checks, or its name does not resolve. */
    DOWN,
    /** Taken out by the operator, whatever its health. */
    MAINTENANCE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in lower case, as logs and metrics have it. */
    public String label() {
        return label;
    }
}
