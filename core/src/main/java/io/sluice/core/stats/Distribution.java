package io.sluice.core.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The distribution of recorded times over all workers, at one moment or between two. Percentiles are off by less than 1
 * %, and by a microsecond below 100. Immutable.
 */
public final class Distribution {

    public static final Distribution NOTHING = new Distribution(new long[Recorder.OCTAVES][], 0, 0, 0);

    /** The counts of each octave's cells; null where there are none. */
    private final long[][] octaves;
    /** The recorders' count of times, taken before their cells were read. */
    private final long version;
    private final long count;
    private final long sumNs;
    private final long maxNs;

    private Distribution(long[][] octaves, long version, long sumNs, long maxNs) {
        this.octaves = octaves;
        this.version = version;
        this.sumNs = sumNs;
        this.maxNs = maxNs;
        long counted = 0;
        for (long[] cells : octaves) {
            counted += cells == null ? 0 : Arrays.stream(cells).sum();
        }
        count = counted;
    }

    /**
     * What all workers have recorded so far.
     *
     * @param earlier of the same recorders, to share unchanged octaves with; or {@link #NOTHING}
     */
    public static Distribution of(PerWorker<Traffic> traffic, Latency latency, Distribution earlier) {
        List<Recorder> recorders = new ArrayList<>();
        traffic.forEach(one -> {
            if (one.recorder(latency) != null) {
                recorders.add(one.recorder(latency));
            }
        });
        long version = 0;
        for (Recorder recorder : recorders) {
            version += recorder.count();
        }
        return version == earlier.version ? earlier : read(recorders, version, earlier);
    }

    private static Distribution read(List<Recorder> recorders, long version, Distribution earlier) {
        long[][] octaves = new long[Recorder.OCTAVES][];
        for (int octave = 0; octave < octaves.length; octave++) {
            long[] cells = sum(recorders, octave);
            octaves[octave] = Arrays.equals(cells, earlier.octaves[octave]) ? earlier.octaves[octave] : cells;
        }
        long sumNs = 0;
        long maxNs = 0;
        for (Recorder recorder : recorders) {
            sumNs += recorder.sumNs();
            maxNs = Math.max(maxNs, recorder.maxNs());
        }
        return new Distribution(octaves, version, sumNs, maxNs);
    }

    private static long[] sum(List<Recorder> recorders, int octave) {
        long[] sums = null;
        for (Recorder recorder : recorders) {
            if (recorder.has(octave)) {
                sums = sums == null ? new long[Recorder.CELLS] : sums;
                recorder.addTo(octave, sums);
            }
        }
        return sums;
    }

    /** The times recorded since an earlier distribution. */
    public Distribution since(Distribution earlier) {
        if (earlier == NOTHING) {
            return this;
        }
        long[][] differences = new long[octaves.length][];
        long highestNs = 0;
        for (int octave = 0; octave < octaves.length; octave++) {
            if (octaves[octave] == earlier.octaves[octave]) {
                continue;
            }
            long[] cells = octaves[octave].clone();
            for (int i = 0; i < cells.length; i++) {
                cells[i] -= earlier.octaves[octave] == null ? 0 : earlier.octaves[octave][i];
                if (cells[i] > 0) {
                    highestNs = Recorder.fromNs(octave, i) + Recorder.widthNs(octave);
                }
            }
            differences[octave] = cells;
        }
        // The longest time is known exactly for the whole only; for a part, only the cell that it is in.
        return new Distribution(differences, version - earlier.version, sumNs - earlier.sumNs,
                Math.min(highestNs, maxNs));
    }

    public long count() {
        return count;
    }

    public long sumNs() {
        return sumNs;
    }

    public long maxNs() {
        return maxNs;
    }

    /** The time that this share of all times does not exceed. @param share from 0 to 1 */
    public long quantileNs(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long passed = 0;
        for (int octave = 0; octave < octaves.length; octave++) {
            long[] cells = octaves[octave];
            for (int i = 0; cells != null && i < cells.length; i++) {
                passed += cells[i];
                if (passed >= rank) {
                    return Math.min(maxNs, Recorder.fromNs(octave, i) + Recorder.widthNs(octave) / 2);
                }
            }
        }
        return maxNs;
    }
}
