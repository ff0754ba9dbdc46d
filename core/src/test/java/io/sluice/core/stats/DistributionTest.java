package io.sluice.core.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {

    private final PerWorker<Traffic> traffic = new PerWorker<>(Traffic::new);

    @ParameterizedTest
    @ValueSource(longs = {0, 999, 1000, 63_000, 64_000, 127_000, 128_000, 1_000_000, 12_345_678, 999_999_999,
        60_000_000_000L, 3_600_000_000_000L, 68_000_000_000_000L})
    void tellsATimeWithinOnePercentOrAMicrosecond(long ns) {
        record(0, ns);
        record(0, ns + 1_000_000_000_000L);

        assertEquals(ns, distribution().quantileNs(0.5), Math.max(1000, ns / 100.0));
    }

    @Test
    void tellsPercentilesOfManyTimesWithinOnePercent() {
        Random random = new Random(7);
        long[] times = new long[100_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = (long) Math.exp(Math.log(20_000) + random.nextDouble() * Math.log(500_000));
            record(i % 3, times[i]);
        }
        Arrays.sort(times);

        Distribution distribution = distribution();
        assertEquals(times.length, distribution.count());
        for (double share : new double[] {0.5, 0.9, 0.99, 0.999, 0.9999}) {
            long exact = times[(int) Math.ceil(share * times.length) - 1];
            assertEquals(exact, distribution.quantileNs(share), exact * 0.01 + 1000, "share " + share);
        }
        assertEquals(times[times.length - 1], distribution.maxNs());
        assertEquals(Arrays.stream(times).sum(), distribution.sumNs());
    }

    @Test
    void takesATimeBeyondItsRangeForTheLongestThatItKnows() {
        record(0, TimeUnit.DAYS.toNanos(7));
        record(0, -5);

        assertEquals(2, distribution().count());
        assertEquals(TimeUnit.DAYS.toNanos(7), distribution().maxNs());
        assertTrue(distribution().quantileNs(1) > TimeUnit.HOURS.toNanos(18));
        assertEquals(0, distribution().quantileNs(0.5), 1000);
    }

    @Test
    void isTheSameAsLongAsNothingIsRecorded() {
        record(0, 1_000_000);
        Distribution before = Distribution.of(traffic, Latency.TOTAL, Distribution.NOTHING);

        assertSame(before, Distribution.of(traffic, Latency.TOTAL, before));
        record(0, 0);
        assertEquals(2, Distribution.of(traffic, Latency.TOTAL, before).count());
    }

    @Test
    void recordsWithoutAllocating() {
        recordAll(20_000);
        long allocated = Allocation.by(() -> recordAll(100_000));
        assertTrue(allocated < 10_000, allocated + " bytes for 100,000 times");
    }

    private void recordAll(int times) {
        for (int i = 0; i < times; i++) {
            Traffic own = traffic.of(1);
            own.record(Latency.FIRST_BYTE, (i & 1023) * 1_000_003L);
            own.count(TrafficCount.ofStatus(200));
            own.add(TrafficCount.SENT_BYTES, 1000);
            own.errors().count("no-route");
        }
    }

    private void record(int worker, long ns) {
        traffic.of(worker).record(Latency.TOTAL, ns);
    }

    private Distribution distribution() {
        return Distribution.of(traffic, Latency.TOTAL, Distribution.NOTHING);
    }
}
