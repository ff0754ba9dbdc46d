package io.sluice.launcher.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.net.ConnectionLimit;
import io.sluice.launcher.observe.PrometheusMetrics.Page;
import io.sluice.launcher.observe.Readings.GenerationReading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However often the page is asked for, making it takes little of the time. */
class PageLifeTest {

    private static final String OPEN_METRICS = "application/openmetrics-text";

    private long nowNs;
    private long readingTakesNs;
    private int readings;
    private final Observer observer = new Observer("test", this::read, () -> nowNs);
    private final PrometheusMetrics metrics = new PrometheusMetrics(observer, () -> nowNs);

    private Scene read() {
        readings++;
        nowNs += readingTakesNs;
        return new Scene(new GenerationReading(1, Instant.EPOCH, "test"), List.of(), new ConnectionLimit(null, 1),
                List.of(), List.of(), Set.of(), List.of(), false);
    }

    /** A quarter of a percent of the time, between once a second and once in ten. */
    @ParameterizedTest
    @CsvSource({"0, 60", "1, 60", "5, 30", "10, 15", "25, 6", "100, 6"})
    void isMadeTheLessOftenTheLongerItTakes(long millis, int expected) {
        readingTakesNs = Duration.ofMillis(millis).toNanos();
        scrape(0, 60);
        int before = readings;
        scrape(60, 120);
        assertEquals(expected, readings - before);
    }

    /** As the first page is, while the JVM loads and interprets the code: a few seconds later it would cost little. */
    @Test
    void doesNotLiveLongForHavingTakenLongOnce() {
        readingTakesNs = Duration.ofMillis(40).toNanos();
        assertEquals(1, readingsAtMillis(0));
        readingTakesNs = Duration.ofMillis(6).toNanos();
        assertEquals(1, readingsAtMillis(999));
        assertEquals(2, readingsAtMillis(1000));
        assertEquals(2, readingsAtMillis(2999));
        assertEquals(3, readingsAtMillis(3000));
    }

    private int readingsAtMillis(long millis) {
        nowNs = Duration.ofMillis(millis).toNanos();
        metrics.page("", true);
        return readings;
    }

    private void scrape(int fromSecond, int toSecond) {
        for (int scrape = 10 * fromSecond; scrape < 10 * toSecond; scrape++) {
            nowNs = Math.max(nowNs, Duration.ofMillis(100 * scrape).toNanos());
            metrics.page("", true);
        }
    }

    @Test
    void isReadOnceForAllItsFormats() {
        metrics.page("", true);
        metrics.page("", false);
        metrics.page(OPEN_METRICS, true);
        metrics.page(OPEN_METRICS, false);
        assertEquals(1, readings);
    }

    @Test
    void tellsHowOldItIs() {
        readingTakesNs = Duration.ofMillis(25).toNanos();
        scrape(0, 60);
        nowNs += Duration.ofSeconds(10).toNanos();
        Page first = metrics.page("", false);
        nowNs += Duration.ofMillis(3990).toNanos();
        Page later = metrics.page("", false);

        assertEquals(List.of(0L, 4L), List.of(first.ageSeconds(), later.ageSeconds()));
        assertEquals(first.body(), later.body());
    }
}
