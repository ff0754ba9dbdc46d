package io.sluice.l7.proxy;

import io.sluice.l7.http.HttpError;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The requests and responses that one worker has refused last, each in short, in a ring. Who sends nothing else costs
 * little: of one second only a few are kept. Written by the worker's event loop alone; read by anyone.
 */
final class RefusedMessages {

    /** Kept at a time. */
    static final int MOST = 64;
    /** Kept of one second. */
    static final int MOST_PER_SECOND = 16;

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicReferenceArray<RefusedMessage> ring = new AtomicReferenceArray<>(MOST);
    private long added;
    private long secondStartNs;
    private int ofThisSecond;

    /** Those that are kept, in no particular order. Safe from any thread. */
    List<RefusedMessage> kept() {
        List<RefusedMessage> kept = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            RefusedMessage message = ring.getAcquire(i);
            if (message != null) {
                kept.add(message);
            }
        }
        return kept;
    }

    /** Whether one more is wanted at this time. */
    boolean wantsOne(long nowNs) {
        if (nowNs - secondStartNs >= SECOND_NS) {
            secondStartNs = nowNs;
            ofThisSecond = 0;
        }
        return ofThisSecond < MOST_PER_SECOND;
    }

    void add(RefusedMessage.Parties parties, HttpError reason, Fault fault) {
        ofThisSecond++;
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        ring.setRelease((int) (added++ % MOST), new RefusedMessage(now, parties, reason, fault));
    }
}
