package io.sluice.core.stats;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A number that several workers change, alone on its cache lines so that they disturb nothing else.
 * Safe from any thread.
 */
public final class PaddedCounter {

    /** 128 bytes on either side of the one element in use: two cache lines, as processors fetch them in pairs. */
    private static final int PADDING = 32;

    private final AtomicIntegerArray cells = new AtomicIntegerArray(2 * PADDING);

    public int get() {
        return cells.get(PADDING);
    }

    public int incrementAndGet() {
        return cells.incrementAndGet(PADDING);
    }

    public int decrementAndGet() {
        return cells.decrementAndGet(PADDING);
    }

    public void set(int value) {
        cells.set(PADDING, value);
    }

    public boolean compareAndSet(int expected, int updated) {
        return cells.compareAndSet(PADDING, expected, updated);
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
}
