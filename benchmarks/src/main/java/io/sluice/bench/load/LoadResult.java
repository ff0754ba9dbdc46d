package io.sluice.bench.load;

import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What came out of a run. Not to be changed; the histograms are in nanoseconds.
 *
 * @param startedAt when the measurement began, after the warm-up
 * @param seconds   that it lasted
 * @param sinceSent latencies of good answers from sending the request
 * @param sinceDue  in the open loop, from when the request was due, so that waiting behind a slow answer counts
 *                  (corrected for coordinated omission); null in the closed loop
 * @param moments   second by second
 * @param busyShare CPU time of the generator's threads, as a share of the time they had
 */
public record LoadResult(LoadSettings settings, Instant startedAt, double seconds, Totals totals, Histogram sinceSent,
                         Histogram sinceDue, List<Moment> moments, double busyShare) {

    /** The latencies that a reader should go by. */
    public Histogram latency() {
        return sinceDue == null ? sinceSent : sinceDue;
    }

    /** Good answers in a second. */
    public double ratePerSecond() {
        return totals.answered() / seconds;
    }

    public double bytesPerSecond() {
        return totals.bytes() / seconds;
    }

    /** Whether the server did anything at all of what was asked. */
    public boolean isAnythingAnswered() {
        return settings.target().mode().isBulk() ? totals.bytes() > 0 : totals.answered() > 0;
    }
}
