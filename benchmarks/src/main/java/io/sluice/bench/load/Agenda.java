package io.sluice.bench.load;

/** When one client sends its requests. Times are nanoseconds since the start of the run. Owned by one event loop. */
sealed interface Agenda permits ClosedLoop, OpenLoop {

    /** No request is left. */
    long NONE = Long.MAX_VALUE;

    /** When the next request is due; the past if it is late, or {@link #NONE}. */
    long nextDueNs(long nowNs);

    /** The next request is being sent: turns to the one after it. */
    void take(long nowNs);

    /** Whether the request taken last counts, rather than being part of the warm-up. */
    boolean isMeasured();

    /** Requests that would count, were due by then, and were not taken. */
    long left(long nowNs);
}
