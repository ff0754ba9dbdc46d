package io.sluice.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class LogRingTest {

    private static final int CAPACITY = 4;

    private final LogRing<SessionRecord> ring = new LogRing<>(CAPACITY, SessionRecord::new, new LogWriter());

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
