package io.sluice.core.stats;

import java.util.Arrays;

/**
 * Counts of recorded times by upper bounds: less than a {@link Distribution} has, for readers of thousands of
 * recorders. Reading allocates next to nothing. Owned by one thread.
 */
public final class Buckets {

    /**
     * For each bound, the index of a recorder's first cell whose middle is beyond it; indexes run through all octaves.
     */
    private final int[] firstBeyond;
    /** Not cumulative; the last bucket has no bound. */
    private final long[] counts;
    private long sumNs;

    /** @param boundsNs ascending */
    public Buckets(long... boundsNs) {
        firstBeyond = Arrays.stream(boundsNs).mapToInt(Buckets::firstBeyond).toArray();
        counts = new long[boundsNs.length + 1];
    }

    private static int firstBeyond(long boundNs) {
        int cell = 0;
        while (cell < Recorder.OCTAVES * Recorder.CELLS && middleNs(cell) <= boundNs) {
            cell++;
        }
        return cell;
    }

    private static long middleNs(int cell) {
        int octave = cell / Recorder.CELLS;
        return Recorder.fromNs(octave, cell % Recorder.CELLS) + Recorder.widthNs(octave) / 2;
    }

    /** Replaces the counts by what all workers have recorded so far. */
    public void read(PerWorker<Traffic> traffic, Latency latency) {
        Arrays.fill(counts, 0);
        sumNs = 0;
        traffic.forEach(one -> {
            Recorder recorder = one.recorder(latency);
            if (recorder != null) {
                recorder.addTo(firstBeyond, counts);
                sumNs += recorder.sumNs();
            }
        });
    }

    /** The count of one bucket, not cumulative. @param bucket index of its upper bound; the last bucket has none */
    public long count(int bucket) {
        return counts[bucket];
    }

    /** The count of all buckets. */
    public long count() {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        return all;
    }

    public long sumNs() {
        return sumNs;
    }
}
