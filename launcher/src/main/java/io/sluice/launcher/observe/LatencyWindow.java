package io.sluice.launcher.observe;

import io.sluice.core.stats.Distribution;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Traffic;

/**
 * Latencies of one kind over the last 60 to 70 seconds: a copy of the distribution is made every ten seconds, and the
 * oldest of seven copies is subtracted from the present distribution. Copies share parts that have not changed. Not
 * safe for several threads at once.
 */
final class LatencyWindow {

    /** The time between two copies. */
    static final int STEP_SECONDS = 10;
    private static final int COPIES = 60 / STEP_SECONDS + 1;

    private final PerWorker<Traffic> traffic;
    private final Latency latency;
    /** A ring; the next copy to be overwritten is the oldest. */
    private final Distribution[] copies = new Distribution[COPIES];
    private int made;
    private Distribution latest = Distribution.NOTHING;

    LatencyWindow(PerWorker<Traffic> traffic, Latency latency) {
        this.traffic = traffic;
        this.latency = latency;
    }

    /** Makes a copy; to be called every ten seconds. */
    void step() {
        copies[made++ % COPIES] = sinceStart();
    }

    Distribution sinceStart() {
        latest = Distribution.of(traffic, latency, latest);
        return latest;
    }

    Distribution lastMinute() {
        return sinceStart().since(made < COPIES ? Distribution.NOTHING : copies[made % COPIES]);
    }
}
