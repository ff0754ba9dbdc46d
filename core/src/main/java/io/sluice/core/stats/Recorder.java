package io.sluice.core.stats;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The distribution of one worker's times of one kind, from its start on. Times go into cells as in an HdrHistogram of
 * two significant digits: each power of two of microseconds is an octave of 64 cells, so that the middle of a cell is
 * off by less than 1 % of any time in it. Up to 128 us a cell is one microsecond wide; times of 19 hours and more share
 * the last one.
 *
 * <p>An octave comes into being with the first time in it, two thirds of a kilobyte each, {@value #OCTAVES} at most.
 * Apart from that, recording allocates nothing, and it never waits: it is three plain additions.
 *
 * <p>Written by one event loop alone; read by anyone, through {@link Distribution}.
 */
public final class Recorder {

    static final int CELLS = 64;
    static final int OCTAVES = 31;
    private static final int CELL_BITS = 6;
    private static final long MOST_US = (1L << OCTAVES + CELL_BITS - 1) - 1;
    /** The cache line on either side belongs to no one else: other workers' recorders may lie beside this one. */
    private static final int PADDING = 8;
    private static final int SUM = PADDING;
    private static final int MAX = PADDING + 1;
    private static final int COUNT = PADDING + 2;

    private final AtomicReferenceArray<AtomicLongArray> octaves = new AtomicReferenceArray<>(OCTAVES);
    /** The sum of all times and the longest one, in nanoseconds, and how many there are. */
    private final AtomicLongArray totals = new AtomicLongArray(COUNT + 1 + PADDING);

    /** @param ns may be negative, which clocks that differ a little make of nothing */
    public void record(long ns) {
        long timeNs = Math.max(0, ns);
        long us = Math.min(timeNs / 1000, MOST_US);
        int octave = octave(us);
        AtomicLongArray cells = octaves.getPlain(octave);
        if (cells == null) {
            cells = new AtomicLongArray(CELLS + 2 * PADDING);
            octaves.setRelease(octave, cells);
        }
        int cell = PADDING + cell(us, octave);
        cells.setOpaque(cell, cells.getPlain(cell) + 1);
        totals.setOpaque(SUM, totals.getPlain(SUM) + timeNs);
        if (timeNs > totals.getPlain(MAX)) {
            totals.setOpaque(MAX, timeNs);
        }
        // The last, so that who has read the cells before this one finds out that there is something new.
        totals.setRelease(COUNT, totals.getPlain(COUNT) + 1);
    }

    /** Whether there have been times in this octave. */
    boolean has(int octave) {
        return octaves.getAcquire(octave) != null;
    }

    /** Adds the counts of an octave that there is, as of a moment ago, to others. */
    void addTo(int octave, long[] sums) {
        AtomicLongArray cells = octaves.getAcquire(octave);
        for (int i = 0; i < CELLS; i++) {
            sums[i] += cells.getOpaque(PADDING + i);
        }
    }

    /**
     * Adds all counts, as of a moment ago, to buckets.
     *
     * @param firstBeyond the cell, of all octaves', with which each bucket but the first begins; ascending
     * @param buckets     one more than that
     */
    void addTo(int[] firstBeyond, long[] buckets) {
        int bucket = 0;
        for (int octave = 0; octave < OCTAVES; octave++) {
            AtomicLongArray cells = octaves.getAcquire(octave);
            for (int i = 0; cells != null && i < CELLS; i++) {
                while (bucket < firstBeyond.length && octave * CELLS + i >= firstBeyond[bucket]) {
                    bucket++;
                }
                buckets[bucket] += cells.getOpaque(PADDING + i);
            }
        }
    }

    /** How many times have been recorded; what is read after this includes them. */
    long count() {
        return totals.getAcquire(COUNT);
    }

    long sumNs() {
        return totals.getOpaque(SUM);
    }

    long maxNs() {
        return totals.getOpaque(MAX);
    }

    private static int octave(long us) {
        return Math.max(0, Long.SIZE - CELL_BITS - Long.numberOfLeadingZeros(us));
    }

    private static int cell(long us, int octave) {
        return (int) (us >>> Math.max(0, octave - 1)) & CELLS - 1;
    }

    /** The least of the times in a cell, in nanoseconds. */
    static long fromNs(int octave, int cell) {
        return 1000 * (octave == 0 ? cell : (long) (CELLS + cell) << octave - 1);
    }

    /** How far a cell reaches, in nanoseconds. */
    static long widthNs(int octave) {
        return 1000L << Math.max(0, octave - 1);
    }
}
