package io.sluice.core.stats;

/** What is timed. */
public enum Latency {
    /** A successful attempt to connect to a server. */
    CONNECT,
    /** The wait for a server's slot; 0 for most clients. */
    QUEUE,
    /** From a connection to the server's first byte, or from a request to the head of its response. */
    FIRST_BYTE,
    /** A whole session or exchange, as its client sees it. */
    TOTAL
}
