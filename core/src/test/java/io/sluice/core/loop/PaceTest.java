package io.sluice.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.Rate;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final ManualClock clock = new ManualClock();
    private final Pace pace = new Pace(Rate.perSecond(200), clock.getAsLong());

    @Test
    void givesMomentsAtEvenIntervals() {
        assertEquals("0 5 10", delaysMs(3));
        clock.advance(Duration.ofMillis(10));
        assertEquals("5", delaysMs(1));
    }

    @Test
    void makesUpForLateCallersButNotForLongIdleness() {
        assertEquals("0", delaysMs(1));
        clock.advance(Duration.ofMillis(11));
        assertEquals("0 0 4", delaysMs(3));
        clock.advance(Duration.ofHours(1));
        assertEquals("0 0 0 0 0 5 10", delaysMs(7));
    }

    @Test
    void keepsNoMomentForThoseWhoWouldWaitTooLong() {
        assertEquals("0 5", delaysMs(2));
        assertEquals(Duration.ofMillis(10), delay(Duration.ofMillis(9)));
        assertEquals(Duration.ofMillis(10), delay(Duration.ofMillis(10)));
        assertEquals(Duration.ofMillis(15), delay(Duration.ofMillis(10)));
    }

    private String delaysMs(int count) {
        return String.join(" ", Stream.generate(() -> delay(Duration.ofDays(1)).toMillis() + "").limit(count).toList());
    }

    private Duration delay(Duration patience) {
        return Duration.ofNanos(pace.delayNs(clock.getAsLong(), patience.toNanos()));
    }
}
