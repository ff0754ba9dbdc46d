package io.sluice.launcher.observe;

/**
 * How fast some counters have grown over the last few seconds, from samples taken about every second. Not safe for
 * several threads at once.
 */
final class Rates {

    /** A rate spans this many samples: enough to be smooth, few enough to be current. */
    private static final int SAMPLES = 6;

    private final long[][] samples;
    private final long[] timesNs = new long[SAMPLES];
    private int taken;

    /** @param numbers how many counters there are */
    Rates(int numbers) {
        samples = new long[SAMPLES][numbers];
    }

    /** Begins a sample. @return the array to fill with the counters' values */
    long[] sample(long nowNs) {
        int slot = taken++ % SAMPLES;
        timesNs[slot] = nowNs;
        return samples[slot];
    }

    /** The growth of a counter per second; 0 before the second sample. */
    double perSecond(int number) {
        if (taken < 2) {
            return 0;
        }
        int newest = (taken - 1) % SAMPLES;
        int oldest = taken < SAMPLES ? 0 : taken % SAMPLES;
        double seconds = (timesNs[newest] - timesNs[oldest]) / 1e9;
        return seconds <= 0 ? 0 : (samples[newest][number] - samples[oldest][number]) / seconds;
    }
}
