package io.sluice.core.pool;

import io.sluice.core.loop.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The control plane's timer on a manual clock: work runs on the test's thread when the test lets time pass. */
final class ManualScheduler implements Scheduler {

    private record Due(long atNs, Runnable work) { }

    private final ManualClock clock;
    private final List<Due> scheduled = new ArrayList<>();

    ManualScheduler(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void schedule(Runnable work, long delayNs) {
        scheduled.add(new Due(clock.getAsLong() + delayNs, work));
    }

    synchronized int pending() {
        return scheduled.size();
    }

    /** Lets time pass, each piece of work at its time. */
    void pass(Duration time) {
        long endNs = clock.getAsLong() + time.toNanos();
        for (Due next = nextBefore(endNs); next != null; next = nextBefore(endNs)) {
            clock.advance(Duration.ofNanos(next.atNs - clock.getAsLong()));
            next.work.run();
        }
        clock.advance(Duration.ofNanos(endNs - clock.getAsLong()));
    }

    private synchronized Due nextBefore(long endNs) {
        Due next = scheduled.stream().filter(due -> due.atNs - endNs <= 0)
                .min(Comparator.comparingLong(due -> due.atNs - endNs)).orElse(null);
        scheduled.remove(next);
        return next;
    }
}
