package io.sluice.bench.load;

import java.util.concurrent.atomic.AtomicLongArray;

/** The counters of one thread's clients. Written by its event loop alone; read by any thread. */
final class Tally {

    /** Keeps other data off the cache lines on either side. */
    private static final int PADDING = 16;
    /** All statuses are below this. */
    static final int STATUSES = 1000;
    private static final int FAILURES = PADDING + Count.values().length;
    private static final int STATUS_CELLS = FAILURES + Failure.values().length;

    private final AtomicLongArray cells = new AtomicLongArray(STATUS_CELLS + STATUSES + PADDING);

    /** The counters of measured requests, beside failures and statuses. */
    enum Count {
        /** Good answers. */
        ANSWERED,
        /** Bytes of answers, heads included; in bulk, of both directions. */
        BYTES,
        /** Connections opened, for measured requests or not. */
        CONNECTIONS,
        /** Requests due in the open loop but not sent by the end. */
        UNSENT,
        /** Requests under way when the run was stopped. */
        UNFINISHED
    }

    void add(Count count, long amount) {
        addTo(PADDING + count.ordinal(), amount);
    }

    void add(Failure failure) {
        addTo(FAILURES + failure.ordinal(), 1);
    }

    /** A final response of that status, 100 to 999. */
    void addStatus(int status) {
        addTo(STATUS_CELLS + status, 1);
    }

    long get(Count count) {
        return cells.getOpaque(PADDING + count.ordinal());
    }

    long get(Failure failure) {
        return cells.getOpaque(FAILURES + failure.ordinal());
    }

    long getStatus(int status) {
        return cells.getOpaque(STATUS_CELLS + status);
    }

    private void addTo(int cell, long amount) {
        cells.setOpaque(cell, cells.getPlain(cell) + amount);
    }
}
