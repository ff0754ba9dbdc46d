package io.sluice.bench.load;

import org.HdrHistogram.Histogram;

/**
 * The results of about one second, since the moment before. Immutable.
 *
 * @param endSeconds the end, since the start of the measurement
 * @param seconds    the time since the moment before
 * @param answered   good answers
 * @param failed     requests without a good answer
 * @param bytes      bytes received; in bulk, of both directions
 * @param p50Ns      median latency, in the closed loop since sent, in the open loop since due; 0 without an answer
 * @param p99Ns      likewise, 99th percentile
 */
public record Moment(double endSeconds, double seconds, long answered, long failed, long bytes, long p50Ns,
                     long p99Ns) {

    static Moment of(double endSeconds, double seconds, Totals before, Totals now, Histogram latency) {
        return new Moment(endSeconds, seconds, now.answered() - before.answered(), now.failed() - before.failed(),
                now.bytes() - before.bytes(), latency.getValueAtPercentile(50), latency.getValueAtPercentile(99));
    }
}
