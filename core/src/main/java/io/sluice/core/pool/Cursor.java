package io.sluice.core.pool;

import io.sluice.core.stats.PaddedCounter;

/**
 * Counts from 0 to the end and starts again, one sequence for all threads together. The position wraps at every step,
 * because a free-running int would break the sequence where it overflows. Safe from any thread.
 */
final class Cursor {

    private final PaddedCounter position = new PaddedCounter();
    private final int length;

    Cursor(int length) {
        this.length = length;
    }

    /** The next position. Each is returned to exactly one caller. */
    int next() {
        for (;;) {
            int current = position.get();
            if (position.compareAndSet(current, current + 1 == length ? 0 : current + 1)) {
                return current;
            }
        }
    }
}
