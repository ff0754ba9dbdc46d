package io.sluice.core.stats;

/** What is counted of a pool. */
public enum PoolCount {
    /** Clients that had to wait. */
    QUEUED,
    /** Clients that waited for too long. */
    QUEUE_TIMEOUTS,
    /** Clients that found the queue full. */
    QUEUE_FULL,
    /** Clients for whom there was no server at all. */
    NO_SERVER,
    /** Attempts after a failed one. */
    RETRIES
}
