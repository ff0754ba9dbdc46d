package io.sluice.core.stats;

import java.util.Arrays;

/**
 * How many times there were up to some bounds: what {@link Distribution} knows, for those who want no more than that of
 * thousands of recorders. Reading allocates next to nothing. Owned by one thread.
 */
public final class Buckets {

    /** For each bound, the first of a recorder's cells whose middle is beyond it; cells count through all octaves. */
    private final int[] firstBeyond;
    /** In each bucket alone; the last one has no bound. */
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

    /** Takes what all workers have recorded so far in place of what was read before. */
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

    /** In one bucket alone. @param bucket the index of its upper bound; the last bucket, one more, has none */
    public long count(int bucket) {
        return counts[bucket];
    }

    /** In all buckets. */
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
