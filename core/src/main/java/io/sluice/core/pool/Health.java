package io.sluice.core.pool;

/** What is known about whether a server works. */
public enum Health {
    /** Nothing yet: its first health check has not ended. */
    UNKNOWN,
    GOOD,
    BAD
}
