package io.sluice.core.pool;

import io.sluice.core.stats.PaddedCounter;

/** Failures in a row, over all workers. Safe from any thread. */
final class FailureRow {

    private final PaddedCounter length = new PaddedCounter();

    /** Counts one more failure and returns how many there are now in a row. */
    int lengthen() {
        return length.incrementAndGet();
    }

    /** Ends the row after a success. Costs only a read if there is no row. */
    void end() {
        if (length.get() != 0) {
            length.set(0);
        }
    }
}
