package io.sluice.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LogRingTest {

    private static final int CAPACITY = 4;

    private final LogRing<SessionRecord> ring = new LogRing<>(CAPACITY, SessionRecord::new, () -> { });

    @Test
    void passesRecordsOnInOrder() {
        ring.publish(Records.numbered(ring.claim(), 1));
        ring.publish(Records.numbered(ring.claim(), 2));
        assertEquals(1, ring.poll().retries);
        assertEquals(2, ring.poll().retries);
        assertNull(ring.poll());
    }

    @Test
    void hasNoneToClaimWhileAllAreOnTheirWay() {
        for (int i = 0; i < CAPACITY; i++) {
            ring.publish(Records.numbered(ring.claim(), i));
        }
        assertNull(ring.claim());
        SessionRecord written = ring.poll();
        assertNull(ring.claim());
        ring.release(written);
        assertSame(written, ring.claim());
        assertNull(ring.claim());
    }

    /** Records live long, so what they refer to would, too. */
    @Test
    void hasARecordForgetItsClientOnceItIsWritten() {
        ring.publish(Records.normal(ring.claim()));
        SessionRecord written = ring.poll();
        assertNotNull(written.client);
        ring.release(written);
        assertNull(written.client);
    }

    /** With many listeners and workers, rings full of records that nobody needs would fill the heap. */
    @Test
    void makesNoMoreRecordsThanAreOnTheirWayAtATime() {
        AtomicInteger made = new AtomicInteger();
        LogRing<SessionRecord> lazy = new LogRing<>(CAPACITY, () -> {
            made.incrementAndGet();
            return new SessionRecord();
        }, () -> { });
        for (int i = 0; i < 100; i++) {
            lazy.publish(lazy.claim());
            lazy.publish(lazy.claim());
            lazy.release(lazy.poll());
            lazy.release(lazy.poll());
        }
        assertEquals(2, made.get());
    }

    @Test
    void goesRoundForEver() {
        for (int i = 0; i < 100; i++) {
            SessionRecord claimed = ring.claim();
            assertNotNull(claimed);
            ring.publish(Records.numbered(claimed, i));
            SessionRecord polled = ring.poll();
            assertEquals(i, polled.retries);
            ring.release(polled);
        }
    }
}
