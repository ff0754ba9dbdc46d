package io.sluice.core.buffer;

import io.sluice.core.linux.Pipe;
import io.sluice.core.stats.Counter;

/**
 * Chooses for each read of one flow whether its bytes are copied through a buffer, which is cheapest for small
 * messages, or spliced through a pipe, which leaves a stream of many bytes where they are.
 *
 * <pre>
 *   COPYING ── large reads outnumber others, and a pipe is to be had ──▶ SPLICING
 *   SPLICING ── small reads in a row, or no pipe is to be had ──▶ COPYING
 * </pre>
 *
 * <p>Owned by one event loop.
 */
public final class VesselChoice {

    /** The most to splice at a time. How much a pipe takes depends on how large the pages are in which bytes came. */
    public static final int MOST_SPLICED_BYTES = 1024 * 1024;

    /** More than others: as many as a short answer of a database does not have, and few beside those of a large one. */
    public static final int LARGE_READS = 4;
    /** So many bytes were cheaper spliced than copied by about a tenth, when it was measured over loopback. */
    public static final int LARGE_BYTES = 16 * 1024;
    public static final int SMALL_READS = 8;
    /** Likewise, below about so many a splice costs more than the copy that it saves. */
    public static final int SMALL_BYTES = 4 * 1024;

    /** Who gets less by one splice has most likely got all there was: looking again costs more than being told. */
    private static final int AMPLE_BYTES = 64 * 1024;

    private enum Way { COPYING, SPLICING }

    private final Vessels vessels;
    private Way way = Way.COPYING;
    /** While copying, by how many large reads outnumber others; while splicing, small reads in a row. */
    private int evidence;
    private boolean sourceHasMore;
    /** Whether the next read is to be copied, whatever the way. */
    private boolean copiesNext;

    public VesselChoice(Vessels vessels) {
        this.vessels = vessels;
    }

    /** A pipe for the next read, the caller's to give back; null if that is to be copied. */
    public Pipe takePipe() {
        if (copiesNext || way == Way.COPYING && evidence < LARGE_READS) {
            return null;
        }
        Pipe pipe = vessels.pipes().acquire();
        if (pipe == null) {
            // The flow need not ask again at once.
            evidence = 0;
        }
        turn(pipe == null ? Way.COPYING : Way.SPLICING);
        return pipe;
    }

    /** So many bytes have been copied by one read; {@code full} says whether they left no room in their buffer. */
    public void onCopied(int bytes, boolean full) {
        sourceHasMore = full;
        copiesNext = false;
        if (way == Way.COPYING) {
            boolean large = full || bytes >= LARGE_BYTES;
            evidence = large ? Math.min(LARGE_READS, evidence + 1) : Math.max(0, evidence - 1);
        }
    }

    /** So many bytes have been spliced by one read. */
    public void onSpliced(int bytes) {
        sourceHasMore = bytes >= AMPLE_BYTES;
        evidence = bytes < SMALL_BYTES ? evidence + 1 : 0;
        if (evidence == SMALL_READS) {
            turn(Way.COPYING);
        }
    }

    /**
     * A splice has brought nothing, or the end. Either may be an urgent byte (tcp(7)), at which splice(2) stops for
     * good: unless there was probably nothing left, the next read makes sure.
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
