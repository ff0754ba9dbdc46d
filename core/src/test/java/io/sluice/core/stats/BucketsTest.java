package io.sluice.core.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private final PerWorker<Traffic> traffic = new PerWorker<>(Traffic::new);

    @Test
    void countsByBounds() {
        for (long ms : new long[] {1, 1, 3, 7, 7, 7, 2000}) {
            record((int) ms % 3, TimeUnit.MILLISECONDS.toNanos(ms));
        }
        Buckets buckets = new Buckets(500_000, 2_000_000, 5_000_000, 10_000_000, 1_000_000_000);
        buckets.read(traffic, Latency.TOTAL);

        assertArrayEquals(new long[] {0, 2, 1, 3, 0, 1}, counts(buckets, 6));
        assertEquals(7, buckets.count());
        assertEquals(2_026_000_000, buckets.sumNs());
    }

    @Test
    void takesTheMiddleOfACellForAllOfIt() {
        long boundNs = 10_000_000;
        Random random = new Random(7);
        long within = 0;
        for (int i = 0; i < 10_000; i++) {
            long ns = 100_000 + random.nextLong(50_000_000);
            boolean isTooNearToTell = Math.abs(ns - boundNs) < boundNs / 50;
            record(0, isTooNearToTell ? 0 : ns);
            within += isTooNearToTell || ns <= boundNs ? 1 : 0;
        }
        Buckets buckets = new Buckets(boundNs);
        buckets.read(traffic, Latency.TOTAL);

        assertArrayEquals(new long[] {within, 10_000 - within}, counts(buckets, 2));
    }

    @Test
    void forgetsWhatItReadBefore() {
        record(0, 5000);
        Buckets buckets = new Buckets(1000);
        buckets.read(traffic, Latency.TOTAL);
        buckets.read(traffic, Latency.CONNECT);

        assertArrayEquals(new long[] {0, 0}, counts(buckets, 2));
        assertEquals(0, buckets.sumNs());
    }

    @Test
    void countsTheLongestTimesWithinABoundThatIsLonger() {
        record(0, Long.MAX_VALUE / 2);
        Buckets buckets = new Buckets(1000, Long.MAX_VALUE);
        buckets.read(traffic, Latency.TOTAL);

        assertArrayEquals(new long[] {0, 1, 0}, counts(buckets, 3));
    }

    private static long[] counts(Buckets buckets, int size) {
        return IntStream.range(0, size).mapToLong(buckets::count).toArray();
    }

    private void record(int worker, long ns) {
        traffic.of(worker).record(Latency.TOTAL, ns);
    }
}
