package io.sluice.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What has come in since the moment before, about a second. Immutable.
 *
 * @param endSeconds since the start of the measurement
 * @param seconds    since the moment before
 * @param answered   good answers
 * @param failed     requests without one
 * @param bytes      received; in bulk, of both directions
 * @param p50Ns      latency in the closed loop from sending, in the open loop from being due; 0 without an answer
 * @param p99Ns      likewise
 */
public record Moment(double endSeconds, double seconds, long answered, long failed, long bytes, long p50Ns,
                     long p99Ns) {

    static Moment of(double endSeconds, double seconds, Totals before, Totals now, Histogram latency) {
        return new Moment(endSeconds, seconds, now.answered() - before.answered(), now.failed() - before.failed(),
                now.bytes() - before.bytes(), latency.getValueAtPercentile(50), latency.getValueAtPercentile(99));
    }
}
