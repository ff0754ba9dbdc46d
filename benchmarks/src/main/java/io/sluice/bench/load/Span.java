package io.sluice.bench.load;

import java.time.Duration;

/**
 * The times of a run. Immutable.
 *
 * @param warmUp   the time before the measurement, with the same load
 * @param duration the time of the measurement; {@link #UNLIMITED} if the number of requests ends it
 * @param timeout  how long a request may take
 */
public record Span(Duration warmUp, Duration duration, Duration timeout) {

    public static final Duration UNLIMITED = Duration.ZERO;

    /** The end of the measurement, since the start of the run; {@link Long#MAX_VALUE} if time does not end it. */
    long endNs() {
        return duration.equals(UNLIMITED) ? Long.MAX_VALUE : warmUp.plus(duration).toNanos();
    }
}
