package io.sluice.bench.load;

import java.time.Duration;

/**
 * For how long. Immutable.
 *
 * @param warmUp   before the measurement, with the same load
 * @param duration of the measurement; {@link #UNLIMITED} if the number of requests ends it
 * @param timeout  how long a request may take
 */
public record Span(Duration warmUp, Duration duration, Duration timeout) {

    public static final Duration UNLIMITED = Duration.ZERO;

    /** When the measurement ends, since the start; never is {@link Long#MAX_VALUE}. */
    long endNs() {
        return duration.equals(UNLIMITED) ? Long.MAX_VALUE : warmUp.plus(duration).toNanos();
    }
}
