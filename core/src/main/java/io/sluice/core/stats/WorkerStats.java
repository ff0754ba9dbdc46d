package io.sluice.core.stats;

import java.util.concurrent.atomic.AtomicLongArray;

/** One worker's counters. Written by its event loop alone, so that counting needs no atomic step; read by anyone. */
public final class WorkerStats {

    /** Cache lines on either side belong to no one else. */
    private static final int PADDING = 16;

    private final AtomicLongArray cells = new AtomicLongArray(Counter.values().length + 2 * PADDING);

    public void count(Counter counter) {
        add(counter, 1);
    }

    public void add(Counter counter, long amount) {
        int cell = PADDING + counter.ordinal();
        cells.setOpaque(cell, cells.getPlain(cell) + amount);
    }

    /** The value of a moment ago. Safe from any thread. */
    public long get(Counter counter) {
        return cells.getOpaque(PADDING + counter.ordinal());
    }
}
