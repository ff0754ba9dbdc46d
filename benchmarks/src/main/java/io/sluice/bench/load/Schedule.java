package io.sluice.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * The requests of an open loop, numbered from the start of the warm-up, and when each is due. Times are nanoseconds
 * since the start of the run. Immutable.
 */
final class Schedule {

    /** What was due in time but is late, as the thread was busy or the answer before it slow, is sent for so long. */
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final double ratePerSecond;
    private final long firstMeasured;
    private final long end;
    private final long lastSendNs;

    Schedule(Pace pace, Span span) {
        ratePerSecond = pace.ratePerSecond();
        firstMeasured = firstDueFrom(span.warmUp().toNanos());
        long endNs = span.endNs();
        long endOfTime = endNs == Long.MAX_VALUE ? Long.MAX_VALUE : firstDueFrom(endNs);
        long endOfRequests = pace.requests() == Pace.UNLIMITED ? Long.MAX_VALUE : firstMeasured + pace.requests();
        end = Math.min(endOfTime, endOfRequests);
        lastSendNs = endNs == Long.MAX_VALUE ? endNs : endNs + GRACE_NS;
    }

    /** Computed from the start each time, so that rounding never adds up. */
    long dueNs(long sequence) {
        return Math.round(sequence / ratePerSecond * SECOND_NS);
    }

    /** The first request that is due in the measurement. */
    long firstMeasured() {
        return firstMeasured;
    }

    /** The first request that is not sent any more. */
    long end() {
        return end;
    }

    /** The first request that is not due before that time. */
    long firstDueFrom(long timeNs) {
        long sequence = (long) (timeNs / SECOND_NS * ratePerSecond);
        while (dueNs(sequence) < timeNs) {
            sequence++;
        }
        while (sequence > 0 && dueNs(sequence - 1) >= timeNs) {
            sequence--;
        }
        return sequence;
    }

    /** No request is sent from then on. */
    long lastSendNs() {
        return lastSendNs;
    }
}
