package io.sluice.bench.load;

/** When one client sends its requests. Times are nanoseconds since the start of the run. Owned by one event loop. */
sealed interface Agenda permits ClosedLoop, OpenLoop {

    /** The result when no request is left. */
    long NONE = Long.MAX_VALUE;

    /** When the next request is due, which may be in the past; or {@link #NONE}. */
    long nextDueNs(long nowNs);

    /** Takes the next request, which is about to be sent. */
    void take(long nowNs);

    /** Whether the request taken last is measured, and not part of the warm-up. */
    boolean isMeasured();

    /** How many requests of the measurement were due by then and not taken. */
    long left(long nowNs);
}
