package io.sluice.core.tls;

import io.sluice.config.SluiceConfig;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Spreads handshakes, so that no more than so many begin in a second over all workers: each gets a moment of its own.
 * Safe from any thread.
 */
final class HandshakeRate {

    /** What was not used for that long may be made up for. */
    private static final long SLACK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Between two; 0 if there is no limit. */
    private final long intervalNs;
    private final long patienceNs;
    /** The moment of the next one. */
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    /** @param patienceNs a client that would have to wait for longer takes no one's moment */
    HandshakeRate(int perSecond, long patienceNs) {
        intervalNs = perSecond == SluiceConfig.UNLIMITED ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.patienceNs = patienceNs;
    }

    /** How long another one has to wait for its moment. */
    long delayNs(long nowNs) {
        if (intervalNs == 0) {
            return 0;
        }
        while (true) {
            long due = next.get();
            long moment = nowNs - SLACK_NS - due > 0 ? nowNs - SLACK_NS : due;
            long delayNs = Math.max(0, moment - nowNs);
            if (delayNs > patienceNs || next.compareAndSet(due, moment + intervalNs)) {
                return delayNs;
            }
        }
    }
}
