package io.sluice.core.pool;

/** A server's role in its pool, as its health check reports it. */
public enum Role {
    /** Takes writes. */
    PRIMARY,
    /** Takes reads and follows a primary. */
    REPLICA,
    /** Works, but takes neither role at the moment: lags too far behind, or is not ready to serve. */
    NONE,
    /** Its health check reports no roles, or has not reported one yet. */
    UNKNOWN
}
