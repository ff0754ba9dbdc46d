package io.sluice.launcher.observe;

import io.sluice.core.stats.Distribution;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Traffic;

/**
 * Times of one kind over the last minute: what has been recorded since the oldest of some copies, of which one is made
 * every ten seconds. The minute is thus one of 60 to 70 seconds. Copies share what has not changed in between. Not safe
 * for several threads at once.
 */
final class LatencyWindow {

    /** Between two copies. */
    static final int STEP_SECONDS = 10;
    private static final int COPIES = 60 / STEP_SECONDS + 1;

    private final PerWorker<Traffic> traffic;
    private final Latency latency;
    /** A ring; the next one to be overwritten is the oldest. */
    private final Distribution[] copies = new Distribution[COPIES];
    private int made;
    private Distribution latest = Distribution.NOTHING;

    LatencyWindow(PerWorker<Traffic> traffic, Latency latency) {
        this.traffic = traffic;
        this.latency = latency;
    }

    /** Ten seconds have passed. */
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
