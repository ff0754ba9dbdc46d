package io.sluice.core.loop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Has an event loop go on asking for events for a while before it sleeps: to be woken takes longer than to ask. As
 * HAProxy's {@code busy-polling}, but it ends when nothing comes.
 *
 * <p>Owned by one event loop, but for {@link #spentNs}.
 */
final class BusyPoll {

    private final long mostNs;
    private final LongSupplier nanoClock;
    /** When the last events had been handled. */
    private long sinceNs;
    private final AtomicLong spentNs = new AtomicLong();

    /** @param most how long to ask after the last event; zero: not at all */
    BusyPoll(Duration most, LongSupplier nanoClock) {
        mostNs = most.toNanos();
        this.nanoClock = nanoClock;
        sinceNs = nanoClock.getAsLong();
    }

    /** Whether the loop should ask again instead of sleeping. */
    boolean goesOn() {
        return mostNs != 0 && nanoClock.getAsLong() - sinceNs < mostNs;
    }

    /** Begins anew, as events have been handled. @param cameNs when they came */
    void restart(long cameNs) {
        if (mostNs != 0) {
            spentNs.setRelease(spentNs.getPlain() + Math.min(cameNs - sinceNs, mostNs));
            sinceNs = nanoClock.getAsLong();
        }
    }

    /** Nanoseconds spent on asking so far, up to the last event. Safe from any thread. */
    long spentNs() {
        return spentNs.getAcquire();
    }
}
