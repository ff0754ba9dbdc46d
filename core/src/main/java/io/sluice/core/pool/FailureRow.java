package io.sluice.core.pool;

import io.sluice.core.stats.PaddedCounter;

/** Failures in a row, over all workers. Safe from any thread. */
final class FailureRow {

    private final PaddedCounter length = new PaddedCounter();

    /** One more has failed: how many there have now been in a row. */
    int lengthen() {
        return length.incrementAndGet();
    }

    /** One has not failed. Costs a read as long as there is no row to end. */
    void end() {
        if (length.get() != 0) {
            length.set(0);
        }
    }
}
