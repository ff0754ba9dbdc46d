package io.sluice.bench.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The latencies that one thread's clients see, in nanoseconds to three digits: since a request was sent and, in the
 * open loop, also since it was due, which includes the time that requests wait behind a slow answer (coordinated
 * omission).
 *
 * <p>Written by one event loop, taken by one reader at a time.
 */
final class Latencies {

    static final long HIGHEST_NS = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;

    private final SingleWriterRecorder sinceSent = new SingleWriterRecorder(HIGHEST_NS, DIGITS);
    private final SingleWriterRecorder sinceDue;
    private Histogram takenSinceSent;
    private Histogram takenSinceDue;

    Latencies(boolean openLoop) {
        sinceDue = openLoop ? new SingleWriterRecorder(HIGHEST_NS, DIGITS) : null;
    }

    static Histogram histogram() {
        return new Histogram(HIGHEST_NS, DIGITS);
    }

    void record(long sinceSentNs, long sinceDueNs) {
        sinceSent.recordValue(Math.clamp(sinceSentNs, 0, HIGHEST_NS));
        if (sinceDue != null) {
            sinceDue.recordValue(Math.clamp(sinceDueNs, 0, HIGHEST_NS));
        }
    }

    /** Adds what was recorded since the last call. */
    void addTo(Histogram sent, Histogram due) {
        takenSinceSent = sinceSent.getIntervalHistogram(takenSinceSent);
        sent.add(takenSinceSent);
        if (sinceDue != null) {
            takenSinceDue = sinceDue.getIntervalHistogram(takenSinceDue);
            due.add(takenSinceDue);
        }
    }
}
