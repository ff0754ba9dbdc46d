package io.sluice.core.stats;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The distribution of one worker's times of one kind, from its start on. Times go into cells as in an HdrHistogram of
 * two significant digits: each power of two of microseconds is an octave of 64 cells, so that the middle of a cell is
 * off by less than 1 % of any time in it. Up to 128 us a cell is one microsecond wide; times of 19 hours and more share
 * the last one.
 *
 * <p>An octave is allocated with the first time in it, two thirds of a kilobyte each, {@value #OCTAVES} at most. Apart
 * from that, recording allocates nothing, and it never waits: it is three plain additions.
 *
 * <p>Written by one event loop alone; read by anyone, through {@link Distribution}.
 */
final class Recorder {

    static final int CELLS = 64;
    static final int OCTAVES = 31;
    private static final int CELL_BITS = 6;
    private static final long MOST_US = (1L << OCTAVES + CELL_BITS - 1) - 1;
    /** A free cache line on either side, as other workers' recorders may lie beside this one. */
    private static final int PADDING = 8;
    private static final int SUM = PADDING;
    private static final int MAX = PADDING + 1;
    private static final int COUNT = PADDING + 2;

    private final AtomicReferenceArray<AtomicLongArray> octaves = new AtomicReferenceArray<>(OCTAVES);
    /** The sum of all times and the longest one, in nanoseconds, and how many there are. */
    private final AtomicLongArray totals = new AtomicLongArray(COUNT + 1 + PADDING);

    /** @param ns may be negative if it was taken from two clocks; counts as 0 then */
    void record(long ns) {
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
        // Written last: a reader that has read the cells before this time was in them later sees a new count.
        totals.setRelease(COUNT, totals.getPlain(COUNT) + 1);
    }

    /** Whether there have been times in this octave. */
    boolean has(int octave) {
        return octaves.getAcquire(octave) != null;
    }

    /** Adds the present counts of an octave, which must exist, to {@code sums}. */
    void addTo(int octave, long[] sums) {
        AtomicLongArray cells = octaves.getAcquire(octave);
        for (int i = 0; i < CELLS; i++) {
            sums[i] += cells.getOpaque(PADDING + i);
        }
    }

    /** The present counts of an octave, of all these recorders, in place of what is in {@code sums}. */
    static void sum(Recorder[] recorders, int octave, long[] sums) {
        Arrays.fill(sums, 0);
        for (Recorder recorder : recorders) {
            if (recorder.has(octave)) {
                recorder.addTo(octave, sums);
            }
        }
    }

    /** The sum of all times of these recorders, in nanoseconds. */
    static long sumNs(Recorder[] recorders) {
        long sumNs = 0;
        for (Recorder recorder : recorders) {
            sumNs += recorder.sumNs();
        }
        return sumNs;
    }

    /** How many times these recorders have in an octave. */
    static long count(Recorder[] recorders, int octave) {
        long count = 0;
        for (Recorder recorder : recorders) {
            AtomicLongArray cells = recorder.octaves.getAcquire(octave);
            for (int i = 0; cells != null && i < CELLS; i++) {
                count += cells.getOpaque(PADDING + i);
            }
        }
        return count;
    }

    /**
     * Adds all present counts to buckets.
     *
     * @param firstBeyond for each bucket but the first, the cell that it begins with, counted through all octaves;
     *                    ascending
     * @param buckets     one element more than {@code firstBeyond}
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

    /** How many times have been recorded; cells read after this include them. */
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

    /** The shortest time of a cell, in nanoseconds. */
    static long fromNs(int octave, int cell) {
        return 1000 * (octave == 0 ? cell : (long) (CELLS + cell) << octave - 1);
    }

    /** The width of a cell, in nanoseconds. */
    static long widthNs(int octave) {
        return 1000L << Math.max(0, octave - 1);
    }
}
