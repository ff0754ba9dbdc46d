package io.sluice.core.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.loop.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final ManualClock clock = new ManualClock();
    private final long startNs = clock.getAsLong();
    private final Pace pace = new Pace(200, startNs);

    @Test
    void givesTurnsAtEvenIntervals() {
        assertEquals(Duration.ZERO, nextTurn());
        assertEquals(Duration.ofMillis(5), nextTurn());
        assertEquals(Duration.ofMillis(10), nextTurn());
        clock.advance(Duration.ofMillis(10));
        assertEquals(Duration.ofMillis(15), nextTurn());
    }

    @Test
    void makesUpForLateCallersButNotForLongIdleness() {
        assertEquals(Duration.ZERO, nextTurn());
        clock.advance(Duration.ofMillis(11));
        assertEquals(Duration.ofMillis(5), nextTurn());
        assertEquals(Duration.ofMillis(10), nextTurn());
        clock.advance(Duration.ofHours(1));
        Duration later = nextTurn();
        assertEquals(Duration.ofHours(1).plusMillis(11 - 20), later);
        assertEquals(later.plusMillis(5), nextTurn());
    }

    private Duration nextTurn() {
        return Duration.ofNanos(pace.turnNs(clock.getAsLong()) - startNs);
    }
}
