package io.sluice.launcher.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Traffic;
import org.junit.jupiter.api.Test;

class LatencyWindowTest {

    private final PerWorker<Traffic> traffic = new PerWorker<>(Traffic::new);
    private final LatencyWindow window = new LatencyWindow(traffic, Latency.TOTAL);

    @Test
    void isAllOfItInTheFirstMinute() {
        record(1);
        window.step();
        record(2);

        assertEquals(2, window.lastMinute().count());
        assertEquals(2, window.sinceStart().count());
    }

    @Test
    void forgetsWhatIsOlderThanAMinute() {
        window.step();
        record(1);
        for (int second = 10; second <= 60; second += 10) {
            window.step();
        }
        record(2);
        assertEquals(2, window.lastMinute().count());
        window.step();
        assertEquals(1, window.lastMinute().count());
        assertEquals(2_000_000, window.lastMinute().quantileNs(1), 20_000);
        assertEquals(2, window.sinceStart().count());
        for (int second = 80; second <= 140; second += 10) {
            window.step();
        }
        assertEquals(0, window.lastMinute().count());
    }

    private void record(long ms) {
        traffic.of(0).record(Latency.TOTAL, ms * 1_000_000);
    }
}
