package io.sluice.core.limit;

import static io.sluice.core.limit.RateLimit.PASSES;
import static io.sluice.core.limit.RateLimit.PASSES_UNCOUNTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.Rate;
import io.sluice.config.RateLimitConfig;
import io.sluice.core.stats.Allocation;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    /** The entries of a set: as many keys of one set are counted at a time. */
    private static final int WAYS = 16;

    private long nowNs = System.nanoTime();

    @Test
    void passesABurstAndThenAtTheRate() {
        RateLimit limit = limit(Rate.perSecond(10), 3);
        assertEquals(3, passing(limit, "a", 10));
        nowNs += SECOND_NS / 10 + SECOND_NS / 1000;
        assertEquals(1, passing(limit, "a", 10));
        nowNs += SECOND_NS / 5 + SECOND_NS / 1000;
        assertEquals(2, passing(limit, "a", 10));
    }

    @Test
    void neverPassesMoreThanABurstAtOnceHoweverLongNobodyCame() {
        RateLimit limit = limit(Rate.perSecond(10), 3);
        assertEquals(3, passing(limit, "a", 10));
        nowNs += TimeUnit.DAYS.toNanos(3);
        assertEquals(3, passing(limit, "a", 10));
    }

    @Test
    void countsEachKeyByItself() {
        RateLimit limit = limit(Rate.perSecond(10), 3);
        assertEquals(3, passing(limit, "a", 10));
        assertEquals(3, passing(limit, "b", 10));
        assertEquals(3, passing(limit, "", 10));
        assertEquals(0, passing(limit, "a", 10));
    }

    @Test
    void doesNotCountWhatItRefuses() {
        RateLimit limit = limit(Rate.perSecond(10), 1);
        assertEquals(1, passing(limit, "a", 1000));
        nowNs += SECOND_NS / 10 + SECOND_NS / 1000;
        assertEquals(1, passing(limit, "a", 1000));
    }

    @ParameterizedTest
    @CsvSource({"10, SECOND", "3, SECOND", "500000, SECOND", "999999999, SECOND", "5, MINUTE", "7, HOUR", "1, HOUR"})
    void whoWaitsAsLongAsToldPassesAndNotBefore(int count, Rate.Per per) {
        RateLimit limit = limit(new Rate(count, per), 2);
        Random random = new Random(count);
        assertEquals(2, passing(limit, "a", 2));
        for (int i = 0; i < 1000; i++) {
            nowNs += random.nextLong(1 + limit.config().rate().intervalNs() / 3);
            long waitNs = take(limit, "a");
            if (waitNs > PASSES) {
                nowNs += waitNs - 1;
                assertEquals(1, take(limit, "a"));
                nowNs++;
                assertEquals(PASSES, take(limit, "a"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1000000, SECOND", "30000, SECOND", "1000, SECOND", "17, SECOND", "5, MINUTE", "100, HOUR", "1, HOUR"})
    void keepsTheRate(int count, Rate.Per per) {
        RateLimit limit = limit(new Rate(count, per), 1);
        long startNs = nowNs;
        for (int passed = 0; passed <= 5000;) {
            long waitNs = take(limit, "a");
            passed += waitNs == PASSES ? 1 : 0;
            nowNs += waitNs;
        }
        double intervals = (nowNs - startNs) / (double) limit.config().rate().intervalNs();
        assertEquals(5000, intervals, 5);
    }

    @Test
    void limitsEachIpv4AddressAndEachIpv6Network() {
        RateLimit limit = limit(Rate.perSecond(10), 1);
        assertEquals(PASSES, takeClient(limit, "192.0.2.1"));
        assertEquals(PASSES, takeClient(limit, "192.0.2.2"));
        assertNotEquals(PASSES, takeClient(limit, "192.0.2.1"));
        assertEquals(PASSES, takeClient(limit, "2001:db8:0:1::1"));
        assertEquals(PASSES, takeClient(limit, "2001:db8:0:2::1"));
        assertNotEquals(PASSES, takeClient(limit, "2001:db8:0:1:ffff::2"));
    }

    @Test
    void passesKeysUncountedForWhichTheirSetHasNoRoom() {
        RateLimit limit = limit(Rate.perSecond(10), 1);
        for (long key = 1; key <= WAYS; key++) {
            assertEquals(PASSES, limit.take(key, nowNs));
        }
        assertEquals(PASSES_UNCOUNTED, limit.take(WAYS + 1, nowNs));
        assertEquals(PASSES_UNCOUNTED, limit.take(WAYS + 1, nowNs));
        assertNotEquals(PASSES, limit.take(1, nowNs));
        assertEquals(PASSES, limit.take(WAYS + 1 | 1L << 63, nowNs), "another set has room");
        nowNs += SECOND_NS / 5;
        assertEquals(PASSES, limit.take(1, nowNs));
        assertEquals(PASSES, limit.take(WAYS + 1, nowNs), "in the place of another");
        assertEquals(PASSES, limit.take(2, nowNs));
        assertNotEquals(PASSES, limit.take(1, nowNs));
        assertNotEquals(PASSES, limit.take(WAYS + 1, nowNs));
    }

    /** As documented: "some 50,000". */
    @Test
    void hasRoomForFiftyThousandKeys() {
        RateLimit limit = limit(new Rate(1, Rate.Per.HOUR), 1);
        Random random = new Random(1);
        int uncounted = 0;
        for (int i = 0; i < 50_000; i++) {
            uncounted += limit.take(random.nextLong(), nowNs) == PASSES_UNCOUNTED ? 1 : 0;
        }
        assertTrue(uncounted < 10, uncounted + " keys found no room");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, (1L << 40) - 1, -1L << 40, 1L << 50})
    void startsAtAnyTimeOfTheClock(long startNs) {
        for (long offsetNs = -50; offsetNs < 50; offsetNs++) {
            nowNs = startNs + offsetNs;
            assertEquals(3, passing(limit(Rate.perSecond(500_000), 3), "a", 10));
        }
    }

    /** At this rate a tick is a nanosecond, so a bucket of nanoseconds must agree exactly. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithAPlainTokenBucket(long seed) {
        Random random = new Random(seed);
        RateLimit limit = limit(Rate.perSecond(500_000), 1 + random.nextInt(20));
        Map<Integer, Bucket> buckets = new HashMap<>();
        nowNs = random.nextLong();
        for (int i = 0; i < 50_000; i++) {
            nowNs += random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(500);
            int key = random.nextInt(40);
            Bucket bucket = buckets.computeIfAbsent(key, _ -> new Bucket(limit.config(), nowNs));
            assertEquals(bucket.take(nowNs), take(limit, "key " + key), "seed " + seed + ", step " + i);
        }
    }

    /** The tokens of one key, in the nanoseconds that it takes to get them. */
    private static final class Bucket {

        private final long intervalNs;
        private final long mostNs;
        private long levelNs;
        private long filledNs;

        Bucket(RateLimitConfig config, long nowNs) {
            intervalNs = config.rate().intervalNs();
            mostNs = config.burst() * intervalNs;
            levelNs = mostNs;
            filledNs = nowNs;
        }

        long take(long nowNs) {
            levelNs = Math.min(mostNs, levelNs + nowNs - filledNs);
            filledNs = nowNs;
            if (levelNs < intervalNs) {
                return intervalNs - levelNs;
            }
            levelNs -= intervalNs;
            return PASSES;
        }
    }

    @Test
    void allocatesNothing() {
        RateLimit limit = limit(Rate.perSecond(10), 3);
        byte[] key = new byte[20];
        Runnable work = () -> {
            for (int i = 0; i < 20_000; i++) {
                key[i % key.length]++;
                limit.take(key, i % 3, key.length, nowNs += 1000);
                limit.takeClient(key, nowNs);
            }
        };
        work.run();
        long allocated = Allocation.by(work);
        assertTrue(allocated < 1000, allocated + " bytes");
    }

    private static RateLimit limit(Rate rate, int burst) {
        return new RateLimit(new RateLimitConfig(rate, burst, RateLimitConfig.BY_CLIENT, false));
    }

    private long take(RateLimit limit, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        return limit.take(bytes, 0, bytes.length, nowNs);
    }

    private long takeClient(RateLimit limit, String address) {
        return limit.takeClient(InetAddress.ofLiteral(address).getAddress(), nowNs);
    }

    private int passing(RateLimit limit, String key, int times) {
        int passing = 0;
        for (int i = 0; i < times; i++) {
            passing += take(limit, key) == PASSES ? 1 : 0;
        }
        return passing;
    }
}
