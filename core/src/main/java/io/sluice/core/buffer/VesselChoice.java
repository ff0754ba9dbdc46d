package io.sluice.core.buffer;

import io.sluice.core.linux.Pipe;
import io.sluice.core.stats.Counter;

/**
 * Chooses for each read of one flow whether its bytes are copied through a buffer, which is cheapest for small
 * messages, or spliced through a pipe, which does not copy and is cheapest for many bytes.
 *
 * <pre>
 *   COPYING ── large reads outnumber others, or much is announced; and a pipe is free ──▶ SPLICING
 *   SPLICING ── small reads in a row, or no pipe is free ──▶ COPYING
 * </pre>
 *
 * <p>Owned by one event loop.
 */
public final class VesselChoice {

    /** The most bytes to splice at a time. How many a pipe takes depends on the size of the pages that hold them. */
    public static final int MOST_SPLICED_BYTES = 1024 * 1024;

    /**
     * Splicing begins when large reads outnumber others by this: more than a short answer of a database has, and few
     * compared with a large one.
     */
    public static final int LARGE_READS = 4;
    /** A read of so many bytes is large: measured over loopback, splicing them cost about a tenth less than copying. */
    static final int LARGE_BYTES = 16 * 1024;
    /** Splicing ends after so many small reads in a row. */
    public static final int SMALL_READS = 8;
    /** A splice of fewer bytes is small: measured likewise, it costs more than the copy that it saves. */
    static final int SMALL_BYTES = 4 * 1024;

    /**
     * A splice of fewer bytes has most likely taken all there were: another try costs more than waiting for readiness.
     */
    private static final int AMPLE_BYTES = 64 * 1024;
    /**
     * Splicing begins at once if so many bytes are announced: with buffers of 32 KiB, twice what large reads in a row
     * copy before.
     */
    static final int ANNOUNCED_BYTES = 256 * 1024;

    private enum Way { COPYING, SPLICING }

    private final Vessels vessels;
    private Way way = Way.COPYING;
    /** While copying, by how many large reads outnumber others; while splicing, the number of small reads in a row. */
    private int evidence;
    private boolean sourceHasMore;
    /** Whether the next read copies, whatever the way. */
    private boolean copiesNext;

    public VesselChoice(Vessels vessels) {
        this.vessels = vessels;
    }

    /** The source has said how many bytes are to come. */
    public void onAnnounced(long bytes) {
        if (way == Way.COPYING && bytes >= ANNOUNCED_BYTES) {
            evidence = LARGE_READS;
        }
    }

    /** A pipe for the next read, which the caller gives back; null if the next read is to copy. */
    public Pipe takePipe() {
        if (copiesNext || way == Way.COPYING && evidence < LARGE_READS) {
            return null;
        }
        Pipe pipe = vessels.pipes().acquire();
        if (pipe == null) {
            // Do not ask for a pipe again at once.
            evidence = 0;
        }
        turn(pipe == null ? Way.COPYING : Way.SPLICING);
        return pipe;
    }

    /** One read has copied so many bytes; {@code full} says whether they left no room in their buffer. */
    public void onCopied(int bytes, boolean full) {
        sourceHasMore = full;
        copiesNext = false;
        if (way == Way.COPYING) {
            boolean large = full || bytes >= LARGE_BYTES;
            evidence = large ? Math.min(LARGE_READS, evidence + 1) : Math.max(0, evidence - 1);
        }
    }

    /** One read has spliced so many bytes. */
    public void onSpliced(int bytes) {
        sourceHasMore = bytes >= AMPLE_BYTES;
        evidence = bytes < SMALL_BYTES ? evidence + 1 : 0;
        if (evidence == SMALL_READS) {
            turn(Way.COPYING);
        }
    }

    /**
     * A splice has moved nothing, or reported the end. Either may be due to an urgent byte (tcp(7)), at which splice(2)
     * stops for good, so the next read copies to find out. Not so if the splice followed an ample one without waiting
     * for readiness: then the source has most likely nothing left.
     */
    public void onNothingSpliced(boolean ended) {
        copiesNext = ended || !sourceHasMore;
        sourceHasMore = false;
    }

    /** Whether the last read has probably left bytes with the source. */
    public boolean sourceHasMore() {
        return sourceHasMore;
    }

    /** Makes ready for another flow. */
    public void reset() {
        way = Way.COPYING;
        evidence = 0;
        sourceHasMore = false;
        copiesNext = false;
    }

    private void turn(Way chosen) {
        if (chosen != way) {
            way = chosen;
            evidence = 0;
            vessels.stats().count(Counter.SPLICE_SWITCHES);
        }
    }
}
