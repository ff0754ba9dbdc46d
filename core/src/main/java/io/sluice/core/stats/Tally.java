package io.sluice.core.stats;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One worker's counters, one for each constant of an enum. Written by its event loop alone, so that counting needs no
 * atomic operation; read by any thread.
 */
public class Tally<E extends Enum<E>> {

    /** Free cache lines on either side, to avoid false sharing. */
    private static final int PADDING = 16;

    private final AtomicLongArray cells;

    public Tally(Class<E> counters) {
        cells = new AtomicLongArray(counters.getEnumConstants().length + 2 * PADDING);
    }

    /** Sums up one counter over all workers. */
    public static <E extends Enum<E>> long sum(PerWorker<? extends Tally<E>> tallies, E counter) {
        return tallies.sum(Tally::get, counter);
    }

    public final void count(E counter) {
        add(counter, 1);
    }

    public final void add(E counter, long amount) {
        int cell = PADDING + counter.ordinal();
        cells.setOpaque(cell, cells.getPlain(cell) + amount);
    }

    public final void set(E counter, long value) {
        cells.setOpaque(PADDING + counter.ordinal(), value);
    }

    /** The present value, perhaps a moment old. Safe from any thread. */
    public final long get(E counter) {
        return cells.getOpaque(PADDING + counter.ordinal());
    }
}
