package io.sluice.core.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate at which things may be done, over all threads together: each gets a moment of its own, and waits until that
 * comes. Safe from any thread; never blocks.
 */
public final class Pace {

    /** Moments that no one took for so long are made up for, so that late timers do not slow the pace down. */
    private static final long MADE_UP_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long intervalNs;
    private final AtomicLong nextNs;

    /** @param perSecond at least 1 */
    public Pace(int perSecond, long nowNs) {
        intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        nextNs = new AtomicLong(nowNs);
    }

    /**
     * How long the caller has to wait before it does one thing.
     *
     * @param patienceNs who would have to wait for longer takes no one's moment
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
