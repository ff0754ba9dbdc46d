package io.sluice.l7.proxy;

/**
 * Bounds retries to a percentage of requests, so that retries do not overload a pool in trouble. Each request adds a
 * fraction of a retry to the budget, up to a reserve of 10 retries; each retry takes one. Owned by one event loop.
 */
final class RetryBudget {

    private static final int WHOLE = 100;
    private static final int RESERVE = 10 * WHOLE;

    private final int percent;
    private int credit;

    /** @param percent the most retries for each hundred requests, beyond the reserve */
    RetryBudget(int percent) {
        this.percent = percent;
        credit = percent == 0 ? 0 : RESERVE;
    }

    void onRequest() {
        credit = Math.min(RESERVE, credit + percent);
    }

    /** Takes one retry from the budget; false if none is left. */
    boolean tryRetry() {
        if (credit < WHOLE) {
            return false;
        }
        credit -= WHOLE;
        return true;
    }
}
