package io.sluice.core.pool;

import java.util.Locale;

/** What a server is good for at present. */
public enum ServerState {
    /** Takes new connections. */
    UP,
    /** Works by its health checks, but live connection attempts failed: gets nothing new for a while. */
    EJECTED,
    /** Gets nothing new; established connections go on. */
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
