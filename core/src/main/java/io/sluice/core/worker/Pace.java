package io.sluice.core.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate at which things may be done, over all threads together: each asks for its turn and waits until it comes.
 * Safe from any thread; never blocks.
 */
public final class Pace {

    /** Turns that no one took for so long are made up for, so that late timers do not slow the pace down. */
    private static final long MADE_UP_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long intervalNs;
    private final AtomicLong nextNs;

    /** @param perSecond at least 1 */
    public Pace(int perSecond, long nowNs) {
        intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        nextNs = new AtomicLong(nowNs);
    }

    /** When the caller may do one thing, by the clock of {@code nowNs}; may be past. */
    long turnNs(long nowNs) {
        for (;;) {
            long next = nextNs.get();
            long earliest = nowNs - MADE_UP_NS;
            long turn = next - earliest > 0 ? next : earliest;
            if (nextNs.compareAndSet(next, turn + intervalNs)) {
                return turn;
            }
        }
    }
}
