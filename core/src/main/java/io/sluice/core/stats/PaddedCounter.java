package io.sluice.core.stats;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** A number that several workers change, alone on its cache lines to avoid false sharing. Safe from any thread. */
public final class PaddedCounter {

    /** 128 bytes on either side of the elements in use: two cache lines, as processors fetch them in pairs. */
    private static final int PADDING = 32;
    /** On the number's cache line, which a thread that has just raised the number owns anyway. */
    private static final int PEAK = PADDING + 1;

    private final AtomicIntegerArray cells = new AtomicIntegerArray(2 * PADDING);

    public int get() {
        return cells.get(PADDING);
    }

    /** The highest value ever. */
    public int peak() {
        return cells.get(PEAK);
    }

    public int incrementAndGet() {
        int raised = cells.incrementAndGet(PADDING);
        noteRaised(raised);
        return raised;
    }

    public int decrementAndGet() {
        return cells.decrementAndGet(PADDING);
    }

    public void set(int value) {
        cells.set(PADDING, value);
    }

    public boolean compareAndSet(int expected, int updated) {
        if (!cells.compareAndSet(PADDING, expected, updated)) {
            return false;
        }
        noteRaised(updated);
        return true;
    }

    /** Adds one unless that would go beyond {@code most}; false if it would. */
    public boolean tryIncrement(int most) {
        for (;;) {
            int current = get();
            if (current >= most) {
                return false;
            }
            if (compareAndSet(current, current + 1)) {
                return true;
            }
        }
    }

    private void noteRaised(int value) {
        for (int peak = cells.get(PEAK); value > peak; peak = cells.get(PEAK)) {
            cells.compareAndSet(PEAK, peak, value);
        }
    }
}
