package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long SECOND_NS = 1_000_000_000;

    @Test
    void spacesRequestsEvenly() {
        Schedule schedule = schedule(4, 0, 10, Pace.UNLIMITED);
        assertEquals(0, schedule.dueNs(0));
        assertEquals(SECOND_NS / 4, schedule.dueNs(1));
        assertEquals(10 * SECOND_NS, schedule.dueNs(40));
    }

    @Test
    void measuresAsManyRequestsAsTheRateAndTheDurationMake() {
        Schedule schedule = schedule(1000, 2000, 10_000, Pace.UNLIMITED);
        assertEquals(2000, schedule.firstMeasured());
        assertEquals(12_000, schedule.end());
    }

    @Test
    void isExactAtRatesThatDivideNoSecond() {
        Schedule schedule = schedule(333_333.3, 0, 30_000, Pace.UNLIMITED);
        assertEquals(9_999_999, schedule.end());
        assertTrue(schedule.dueNs(schedule.end() - 1) < 30 * SECOND_NS);
        assertTrue(schedule.dueNs(schedule.end()) >= 30 * SECOND_NS);
    }

    @Test
    void endsWithTheLastOfTheRequestsAskedFor() {
        Schedule schedule = schedule(100, 1000, 0, 250);
        assertEquals(100, schedule.firstMeasured());
        assertEquals(350, schedule.end());
        assertEquals(Long.MAX_VALUE, schedule.lastSendNs());
    }

    @Test
    void sendsLateRequestsForOneMoreSecond() {
        assertEquals(11 * SECOND_NS, schedule(100, 0, 10_000, Pace.UNLIMITED).lastSendNs());
    }

    @Test
    void findsTheFirstRequestThatIsNotDueYet() {
        Schedule schedule = schedule(100, 0, 10_000, Pace.UNLIMITED);
        assertEquals(0, schedule.firstDueFrom(0));
        assertEquals(1, schedule.firstDueFrom(1));
        assertEquals(1, schedule.firstDueFrom(10_000_000));
        assertEquals(2, schedule.firstDueFrom(10_000_001));
    }

    private static Schedule schedule(double rate, long warmUpMs, long durationMs, long requests) {
        return new Schedule(new Pace(1, 1, rate, requests),
                new Span(Duration.ofMillis(warmUpMs), Duration.ofMillis(durationMs), TIMEOUT));
    }
}
