package io.sluice.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * The requests of an open loop, numbered from the start of the warm-up, and when each is due. Times are nanoseconds
 * since the start of the run. Immutable.
 */
final class Schedule {

    /** How long after the end requests are still sent that were due in time but wait for a slow answer or thread. */
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final double ratePerSecond;
    private final long measureFromNs;
    private final long firstMeasured;
    private final long end;
    private final long lastSendNs;

    Schedule(Pace pace, Span span) {
        ratePerSecond = pace.ratePerSecond();
        measureFromNs = span.warmUp().toNanos();
        firstMeasured = firstDueFrom(measureFromNs);
        long endNs = span.endNs();
        long endOfTime = endNs == Long.MAX_VALUE ? Long.MAX_VALUE : firstDueFrom(endNs);
        long endOfRequests = pace.requests() == Pace.UNLIMITED ? Long.MAX_VALUE : firstMeasured + pace.requests();
        end = Math.min(endOfTime, endOfRequests);
        lastSendNs = endNs == Long.MAX_VALUE ? endNs : endNs + GRACE_NS;
    }

    /** When a request is due; computed from the start each time, so that rounding errors do not add up. */
    long dueNs(long sequence) {
        return Math.round(sequence / ratePerSecond * SECOND_NS);
    }

    /** The end of the warm-up. */
    long measureFromNs() {
        return measureFromNs;
    }

    /** The first request that is due in the measurement. */
    long firstMeasured() {
        return firstMeasured;
    }

    /** The first request that is no longer sent. */
    long end() {
        return end;
    }

    /** The first request that is due at that time or later. */
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

    /** The time from which on no request is sent. */
    long lastSendNs() {
        return lastSendNs;
    }
}
