package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    private static final long MS = 1_000_000;

    /** One request each 10 ms: 10 in the warm-up, then 95 for three clients in turn. */
    private final Schedule schedule = new Schedule(new Pace(1, 3, 100, Pace.UNLIMITED),
            new Span(Duration.ofMillis(100), Duration.ofMillis(950), Duration.ofSeconds(10)));

    @Test
    void dealsRequestsOutToClientsInTurn() {
        OpenLoop second = new OpenLoop(schedule, 1, 3);
        assertEquals(10 * MS, second.nextDueNs(0));
        second.take(10 * MS);
        assertEquals(40 * MS, second.nextDueNs(10 * MS));
    }

    @Test
    void keepsAllThatIsDueWhenItIsLate() {
        OpenLoop first = new OpenLoop(schedule, 0, 3);
        assertEquals(120 * MS, first.nextDueNs(500 * MS));
        first.take(500 * MS);
        assertEquals(150 * MS, first.nextDueNs(500 * MS));
    }

    @Test
    void dropsWhatIsLeftOfTheWarmUpAtItsEnd() {
        OpenLoop second = new OpenLoop(schedule, 1, 3);
        assertEquals(10 * MS, second.nextDueNs(99 * MS));
        assertEquals(100 * MS, second.nextDueNs(100 * MS));
        second.take(100 * MS);
        assertTrue(second.isMeasured());
    }

    @Test
    void measuresFromTheEndOfTheWarmUp() {
        OpenLoop second = new OpenLoop(schedule, 1, 3);
        for (int sequence = 1; sequence < 10; sequence += 3) {
            second.take(0);
            assertFalse(second.isMeasured());
        }
        second.take(0);
        assertTrue(second.isMeasured());
    }

    @Test
    void hasNoneLeftBehindTheEnd() {
        OpenLoop third = new OpenLoop(schedule, 2, 3);
        int taken = 0;
        while (third.nextDueNs(1000 * MS) != Agenda.NONE) {
            third.take(1000 * MS);
            taken++;
        }
        assertEquals(32, taken);
        assertEquals(0, third.left(5000 * MS));
    }

    @Test
    void dropsWhatIsASecondLateAtTheEndAndSaysHowMuch() {
        OpenLoop first = new OpenLoop(schedule, 0, 3);
        first.take(0);
        assertEquals(120 * MS, first.nextDueNs(2049 * MS));
        assertEquals(Agenda.NONE, first.nextDueNs(2050 * MS));
        assertEquals(31, first.left(2050 * MS));
        assertEquals(32, new OpenLoop(schedule, 1, 3).left(2050 * MS));
        assertEquals(32, new OpenLoop(schedule, 2, 3).left(2050 * MS));
    }

    @Test
    void countsOnlyWhatWasDueWhenStoppedEarly() {
        OpenLoop first = new OpenLoop(schedule, 0, 3);
        assertEquals(0, first.left(50 * MS));
        assertEquals(1, first.left(121 * MS));
        assertEquals(2, first.left(151 * MS));
    }
}
