package io.sluice.core.stats;

import java.util.Arrays;

/**
 * Latencies of one kind over the last 60 to 70 seconds: those of the last six steps of ten seconds each, and those
 * since. A step takes over the memory of the one that it replaces, so that steady traffic leaves no garbage. Not safe
 * for several threads at once.
 */
public final class LatencyWindow {

    /** How long a step is. */
    public static final int STEP_SECONDS = 10;
    private static final int STEPS = 60 / STEP_SECONDS;

    private final PerWorker<Traffic> traffic;
    private final Latency latency;
    /**
     * A ring: for each step, the counts of each octave's cells; null where there are none. Itself null as long as there
     * are none at all, as for most routes and servers of a large configuration.
     */
    private long[][][] steps;
    private final long[] sumsNs = new long[STEPS];
    private int made;
    /** All that had been recorded at the last step. */
    private long[][] before;
    private long sumBeforeNs;
    private Distribution latest = Distribution.NOTHING;

    public LatencyWindow(PerWorker<Traffic> traffic, Latency latency) {
        this.traffic = traffic;
        this.latency = latency;
    }

    /** Ends a step and begins the next one; to be called every {@value #STEP_SECONDS} seconds. */
    public void step() {
        if (traffic.sum(Traffic::recorded, latency) == 0) {
            return;
        }
        if (steps == null) {
            steps = new long[STEPS][Recorder.OCTAVES][];
            before = new long[Recorder.OCTAVES][];
        }
        int step = made++ % STEPS;
        Recorder[] recorders = Distribution.recorders(traffic, latency);
        long sumNs = Recorder.sumNs(recorders);
        sumsNs[step] = sumNs - sumBeforeNs;
        sumBeforeNs = sumNs;
        for (int octave = 0; octave < Recorder.OCTAVES; octave++) {
            boolean isUnchanged = Recorder.count(recorders, octave) == Distribution.count(before[octave]);
            steps[step][octave] = isUnchanged ? null : sinceBefore(recorders, octave, steps[step][octave]);
        }
    }

    /** What has been recorded since the last step; moves on what was before. @param old takes it, unless it is null */
    private long[] sinceBefore(Recorder[] recorders, int octave, long[] old) {
        long[] cells = old == null ? new long[Recorder.CELLS] : old;
        Recorder.sum(recorders, octave, cells);
        before[octave] = before[octave] == null ? new long[Recorder.CELLS] : before[octave];
        for (int i = 0; i < cells.length; i++) {
            long all = cells[i];
            cells[i] -= before[octave][i];
            before[octave][i] = all;
        }
        return cells;
    }

    /** All times. */
    public Distribution sinceStart() {
        latest = Distribution.of(traffic, latency, latest);
        return latest;
    }

    /** The times of the window. */
    public Distribution lastMinute() {
        Distribution all = sinceStart();
        if (steps == null) {
            return all;
        }
        long[][] octaves = new long[Recorder.OCTAVES][];
        for (int octave = 0; octave < octaves.length; octave++) {
            octaves[octave] = lastMinute(all.cells(octave), octave);
        }
        return all.part(octaves, all.sumNs() - sumBeforeNs + Arrays.stream(sumsNs).sum());
    }

    /** @return null if there are none */
    private long[] lastMinute(long[] all, int octave) {
        long[] cells = null;
        if (Distribution.count(all) > Distribution.count(before[octave])) {
            cells = all.clone();
            add(before[octave], -1, cells);
        }
        for (long[][] step : steps) {
            if (step[octave] != null) {
                cells = cells == null ? new long[Recorder.CELLS] : cells;
                add(step[octave], 1, cells);
            }
        }
        return cells;
    }

    private static void add(long[] more, int factor, long[] cells) {
        for (int i = 0; more != null && i < cells.length; i++) {
            cells[i] += factor * more[i];
        }
    }
}
