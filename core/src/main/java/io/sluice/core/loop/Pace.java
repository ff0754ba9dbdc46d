package io.sluice.core.loop;

import io.sluice.config.Rate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits a rate over all threads together: each action gets a moment of its own and waits for it. Safe from any thread;
 * never blocks.
 */
public final class Pace {

    /** Moments missed within this time may still be taken at once, so that late timers do not slow the pace down. */
    private static final long MADE_UP_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long intervalNs;
    private final AtomicLong nextNs;

    public Pace(Rate rate, long nowNs) {
        intervalNs = rate.intervalNs();
        nextNs = new AtomicLong(nowNs);
    }

    /**
     * Takes the next moment: how long the caller has to wait for it.
     *
     * @param patienceNs if the delay is longer than this, no moment is taken
     */
    public long delayNs(long nowNs, long patienceNs) {
        for (;;) {
            long next = nextNs.get();
            long earliest = nowNs - MADE_UP_NS;
            long moment = next - earliest > 0 ? next : earliest;
            long delayNs = Math.max(0, moment - nowNs);
            if (delayNs > patienceNs || nextNs.compareAndSet(next, moment + intervalNs)) {
                return delayNs;
            }
        }
    }
}
