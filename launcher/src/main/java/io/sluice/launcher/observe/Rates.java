package io.sluice.launcher.observe;

/**
 * How fast some numbers have grown over the last few seconds. Takes a sample of them every second or so and keeps the
 * last ones. Not safe for several threads at once.
 */
final class Rates {

    /** Over so many samples a rate is taken: enough to be calm, few enough to be of now. */
    private static final int SAMPLES = 6;

    private final long[][] samples;
    private final long[] timesNs = new long[SAMPLES];
    private int taken;

    /** @param numbers how many */
    Rates(int numbers) {
        samples = new long[SAMPLES][numbers];
    }

    /** Begins a sample. @return where its numbers go */
    long[] sample(long nowNs) {
        int slot = taken++ % SAMPLES;
        timesNs[slot] = nowNs;
        return samples[slot];
    }

    /** Growth of a number in a second; 0 before the second sample. */
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
