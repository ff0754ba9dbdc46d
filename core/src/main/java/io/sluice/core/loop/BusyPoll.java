package io.sluice.core.loop;

import io.sluice.config.BusyPollConfig;
import io.sluice.config.BusyPollConfig.Mode;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Has an event loop go on asking for events for a while before it sleeps: to be woken takes longer than to ask. As
 * HAProxy's {@code busy-polling}, but it ends when nothing comes.
 *
 * <p>{@link Mode#AUTO} asks no longer than about what sleeping and being woken would take, and only after more short
 * waits than long ones. So it costs little more CPU time than it saves, and none where events are far between.
 *
 * <p>Owned by one event loop, but for {@link #spentNs}.
 */
final class BusyPoll {

    /** The most that {@link Mode#AUTO} asks for. */
    static final long AUTO_NS = 10_000;
    /** How long after its event a loop that has slept is awake, or less. */
    static final long WAKE_UP_NS = 5_000;
    /** Waits that can be remembered: enough that a burst does not begin it, nor a gap end it. */
    static final int REMEMBERED = 64;

    private final Mode mode;
    private final long mostNs;
    private final LongSupplier nanoClock;
    private boolean asks;
    /** Whether bulk has moved since the last events. */
    private boolean bulk;
    /** How many more of the last waits were short than long, from 0 to {@link #REMEMBERED}. */
    private int shortWaits;
    /** When the last events had been handled. */
    private long sinceNs;
    private final AtomicLong spentNs = new AtomicLong();

    BusyPoll(BusyPollConfig config, LongSupplier nanoClock) {
        mode = config.mode();
        mostNs = mode == Mode.AUTO ? AUTO_NS : config.most().toNanos();
        asks = mode == Mode.ALWAYS;
        this.nanoClock = nanoClock;
        sinceNs = nanoClock.getAsLong();
    }

    /** Whether the loop should ask again instead of sleeping. */
    boolean goesOn() {
        return asks && nanoClock.getAsLong() - sinceNs < mostNs;
    }

    /** Begins anew, as events have been handled. @param cameNs when they came */
    void restart(long cameNs) {
        if (mode == Mode.OFF) {
            return;
        }
        long waitedNs = cameNs - sinceNs;
        if (asks) {
            spentNs.setRelease(spentNs.getPlain() + Math.min(waitedNs, mostNs));
        }
        if (mode == Mode.AUTO) {
            remember(waitedNs);
            asks = shortWaits > REMEMBERED / 2 && !bulk;
            bulk = false;
        }
        sinceNs = nanoClock.getAsLong();
    }

    /** Bulk is moving, which gains nothing by being moved sooner, in smaller pieces: {@link Mode#AUTO} does not ask. */
    void onBulk() {
        bulk = true;
    }

    private void remember(long waitedNs) {
        boolean wasShort = waitedNs <= (asks ? mostNs : mostNs + WAKE_UP_NS);
        shortWaits = wasShort ? Math.min(shortWaits + 1, REMEMBERED) : Math.max(shortWaits - 1, 0);
    }

    /** Nanoseconds spent on asking so far, up to the last event. Safe from any thread. */
    long spentNs() {
        return spentNs.getAcquire();
    }
}
