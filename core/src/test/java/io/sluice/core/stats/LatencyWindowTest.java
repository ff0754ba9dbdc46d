package io.sluice.core.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
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

    @Test
    void tellsCountSumLongestAndQuantilesOfTheLastMinute() {
        record(500);
        record(0, 1);
        stepThroughAMinute();
        record(2);
        record(1, 4);
        window.step();
        record(2, 4);

        Distribution last = window.lastMinute();
        assertEquals(3, last.count());
        assertEquals(10_000_000, last.sumNs());
        assertEquals(4_000_000, last.maxNs(), 40_000);
        assertEquals(2_000_000, last.quantileNs(0.1), 20_000);
        assertEquals(500_000_000, window.sinceStart().maxNs());
    }

    @Test
    void isWhatHasBeenRecordedWhateverTheTime() {
        Random random = new Random(3);
        Deque<List<Long>> recorded = new ArrayDeque<>();
        for (int step = 0; step < 200; step++) {
            List<Long> own = random.longs(random.nextInt(4) * 50, 0, 1L << random.nextInt(40)).boxed().toList();
            own.forEach(ns -> traffic.of(random.nextInt(3)).record(Latency.TOTAL, ns));
            recorded.addLast(own);
            if (recorded.size() > 7) {
                recorded.removeFirst();
            }

            Distribution last = window.lastMinute();
            long[] times = recorded.stream().flatMap(List::stream).mapToLong(Long::longValue).sorted().toArray();
            assertEquals(times.length, last.count());
            assertEquals(LongStream.of(times).sum(), last.sumNs());
            for (double share : new double[] {0.1, 0.5, 0.9, 1}) {
                long exact = times.length == 0 ? 0 : times[Math.max(0, (int) Math.ceil(share * times.length) - 1)];
                assertEquals(exact, last.quantileNs(share), exact * 0.01 + 1000, "step " + step);
            }
            window.step();
        }
    }

    @Test
    void leavesNoGarbageUnderSteadyTraffic() {
        for (int i = 0; i < 1000; i++) {
            recordEverywhere();
            window.step();
        }
        long allocated = Allocation.by(() -> {
            for (int i = 0; i < 1000; i++) {
                recordEverywhere();
                window.step();
            }
        });
        // Some lists for each step; new cells would be 528 bytes for each octave.
        assertTrue(allocated < 1000 * 528, allocated + " bytes for 1,000 steps");
    }

    private void recordEverywhere() {
        for (long us = 50; us < 5_000; us *= 2) {
            traffic.of(0).record(Latency.TOTAL, us * 1000);
        }
    }

    private void stepThroughAMinute() {
        for (int i = 0; i < 7; i++) {
            window.step();
        }
    }

    private void record(long ms) {
        record(0, ms);
    }

    private void record(int worker, long ms) {
        traffic.of(worker).record(Latency.TOTAL, ms * 1_000_000);
    }
}
