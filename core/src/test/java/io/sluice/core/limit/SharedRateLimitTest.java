package io.sluice.core.limit;

import static io.sluice.core.limit.RateLimit.PASSES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.Rate;
import io.sluice.config.RateLimitConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Threads that come with the same keys at once. */
class SharedRateLimitTest {

    private static final int THREADS = 8;
    private static final int BURST = 20;
    /** At this rate a tick is a nanosecond. */
    private static final Rate RATE = Rate.perSecond(500_000);
    private static final long INTERVAL_NS = 2000;

    private final RateLimit limit = new RateLimit(new RateLimitConfig(RATE, BURST, RateLimitConfig.BY_CLIENT, false));

    @Test
    void passExactlyABurstWhileTheClockStands() throws Exception {
        int keys = 2000;
        AtomicIntegerArray passed = new AtomicIntegerArray(keys);
        together(THREADS, thread -> {
            for (int i = 0; i < keys * BURST / 4; i++) {
                int key = i / (BURST / 4);
                byte[] bytes = {(byte) key, (byte) (key >> 8)};
                if (limit.take(bytes, 0, bytes.length, 5) == PASSES) {
                    passed.incrementAndGet(key);
                }
            }
        });
        for (int key = 0; key < keys; key++) {
            assertEquals(BURST, passed.get(key), "key " + key);
        }
    }

    /**
     * Two threads bring the same new key at once, and by the clock of one of them alone a neighbour's time is over. If
     * either took the first place that it finds free, the key would get two entries, and twice its burst.
     */
    @Test
    void passExactlyABurstAlthoughTheirClocksDiffer() throws Exception {
        RateLimit one = new RateLimit(new RateLimitConfig(RATE, 1, RateLimitConfig.BY_CLIENT, false));
        int sets = 8192;
        AtomicIntegerArray passed = new AtomicIntegerArray(sets);
        for (int set = 0; set < sets; set++) {
            assertEquals(PASSES, one.take(key(set, 1), 0));
        }
        AtomicInteger arrived = new AtomicInteger();
        together(2, thread -> {
            for (int set = 0; set < sets; set++) {
                arrived.incrementAndGet();
                while (arrived.get() < 2 * (set + 1)) {
                    Thread.yield();
                }
                if (one.take(key(set, 2), INTERVAL_NS - 1 + thread) == PASSES) {
                    passed.incrementAndGet(set);
                }
            }
        });
        for (int set = 0; set < sets; set++) {
            assertEquals(1, passed.get(set), "set " + set);
        }
    }

    /** Of 8192 sets. */
    private static long key(int set, int tag) {
        return (long) set << 51 | tag;
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void together(int threads, Work work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                done.add(executor.submit(() -> {
                    start.await();
                    work.run(thread);
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
    }
}
