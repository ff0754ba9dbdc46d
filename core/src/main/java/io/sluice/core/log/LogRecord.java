package io.sluice.core.log;

/** A record that circulates in a {@link LogRing}, and so lives much longer than the connection that it tells of. */
public interface LogRecord {

    /**
     * Drops what was made for one connection: otherwise the collector would move that to the old generation with the
     * record, where it would be garbage for long. Writer's thread only.
     */
    void forget();
}
