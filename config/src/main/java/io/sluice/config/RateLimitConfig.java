package io.sluice.config;

import java.util.Optional;

/**
 * How often requests or connections with the same key may come: {@code burst} of them at once, and then at the rate.
 * Immutable.
 *
 * @param burst  at least 1, at most {@link #MOST_BURST}
 * @param by     what is limited separately for each value; empty: all requests of the route together. Of connections,
 *               always the client
 * @param dryRun whether those that come too often are only counted, not refused
 */
public record RateLimitConfig(Rate rate, int burst, Optional<RequestKey> by, boolean dryRun) {

    public static final Optional<RequestKey> BY_CLIENT = Optional.of(RequestKey.BY_CLIENT);
    /** The largest burst. */
    public static final int MOST_BURST = 1_000_000;

    public RateLimitConfig {
        Checks.inRange("burst", burst, 1, MOST_BURST);
    }
}
