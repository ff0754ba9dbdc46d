package io.sluice.bench.load;

import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The result of a run. Callers must not change the histograms, which are in nanoseconds.
 *
 * @param startedAt when the measurement began, after the warm-up
 * @param seconds   the duration of the measurement, until the last request was sent if that was late; 0 if the run was
 *                  ended in its warm-up
 * @param sinceSent latencies of good answers since the request was sent
 * @param sinceDue  latencies since the request was due, in the open loop, so that waiting behind a slow answer counts
 *                  (corrected for coordinated omission); null in the closed loop
 * @param moments   the results second by second
 * @param busyShare CPU time of the generator's threads, as a share of the time they had
 */
public record LoadResult(LoadSettings settings, Instant startedAt, double seconds, Totals totals, Histogram sinceSent,
                         Histogram sinceDue, List<Moment> moments, double busyShare) {

    /** The latencies for reports: since due in the open loop, since sent in the closed loop. */
    public Histogram latency() {
        return sinceDue == null ? sinceSent : sinceDue;
    }

    /** Good answers per second. */
    public double ratePerSecond() {
        return perSecond(totals.answered());
    }

    public double bytesPerSecond() {
        return perSecond(totals.bytes());
    }

    private double perSecond(long count) {
        return seconds > 0 ? count / seconds : 0;
    }

    /** Whether the server did any of the work requested. */
    public boolean isAnythingAnswered() {
        return settings.target().mode().isBulk() ? totals.bytes() > 0 : totals.answered() > 0;
    }
}
