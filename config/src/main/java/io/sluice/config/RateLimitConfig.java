package io.sluice.config;

/**
 * How often requests or connections with the same key may come: {@code burst} of them at once, and then at the rate.
 * Immutable.
 *
 * @param burst  at least 1, at most {@link #MOST_BURST}
 * @param by     what is limited separately for each value; of connections, always the client
 * @param dryRun whether those that come too often are only counted, not refused
 */
public record RateLimitConfig(Rate rate, int burst, RequestKey by, boolean dryRun) {

    /** The largest burst. */
    public static final int MOST_BURST = 1_000_000;

    public RateLimitConfig {
        Checks.inRange("burst", burst, 1, MOST_BURST);
    }
}
