package io.sluice.l7.proxy;

/**
 * Keeps retries a small part of all requests, so that a pool in trouble is not given more load on top. Each request
 * adds its share of a retry, up to a reserve; each retry takes a whole one. Owned by one event loop.
 */
final class RetryBudget {

    private static final int WHOLE = 100;
    private static final int RESERVE = 10 * WHOLE;

    private final int percent;
    private int credit;

    /** @param percent retries at most, for each hundred requests */
    RetryBudget(int percent) {
        this.percent = percent;
        credit = percent == 0 ? 0 : RESERVE;
    }

    void onRequest() {
        credit = Math.min(RESERVE, credit + percent);
    }

    /** Takes a retry; false if there is none left. */
    boolean tryRetry() {
        if (credit < WHOLE) {
            return false;
        }
        credit -= WHOLE;
        return true;
    }
}
