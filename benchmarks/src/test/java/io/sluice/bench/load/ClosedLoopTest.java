package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private static final Span UNLIMITED = new Span(Duration.ofNanos(100), Span.UNLIMITED, Duration.ofSeconds(1));

    @Test
    void isAlwaysDueUntilTheEnd() {
        ClosedLoop loop = new ClosedLoop(new Span(Duration.ZERO, Duration.ofNanos(50), Duration.ofSeconds(1)),
                ClosedLoop.Share.of(new Pace(1, 1, Pace.CLOSED_LOOP, Pace.UNLIMITED), 0));
        assertEquals(49, loop.nextDueNs(49));
        assertEquals(Agenda.NONE, loop.nextDueNs(50));
    }

    @Test
    void doesNotCountTheWarmUp() {
        ClosedLoop loop = new ClosedLoop(UNLIMITED, ClosedLoop.Share.of(new Pace(1, 1, 0, 1), 0));
        loop.take(99);
        assertFalse(loop.isMeasured());
        loop.take(100);
        assertTrue(loop.isMeasured());
        assertEquals(Agenda.NONE, loop.nextDueNs(101));
    }

    @Test
    void splitsRequestsAmongThreadsToTheLastOne() {
        Pace pace = new Pace(3, 3, 0, 11);
        assertEquals(4, taken(pace, 0));
        assertEquals(4, taken(pace, 1));
        assertEquals(3, taken(pace, 2));
    }

    private static int taken(Pace pace, int thread) {
        ClosedLoop loop = new ClosedLoop(UNLIMITED, ClosedLoop.Share.of(pace, thread));
        int taken = 0;
        while (loop.nextDueNs(100) != Agenda.NONE) {
            loop.take(100);
            taken++;
        }
        return taken;
    }
}
