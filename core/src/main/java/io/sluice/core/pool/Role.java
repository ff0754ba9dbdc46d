package io.sluice.core.pool;

/** What a server is to the others of its pool, as its health check tells. */
public enum Role {
    /** Takes writes. */
    PRIMARY,
    /** Takes reads and follows a primary. */
    REPLICA,
    /** Works, but takes neither role at the moment: lags too far behind, or is not ready to serve. */
    NONE,
    /** Its health check knows of no roles, or has not told one yet. */
    UNKNOWN
}
