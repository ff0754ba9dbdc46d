package io.sluice.core.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Allocation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientCountsTest {

    private static final int THREADS = 4;

    private final ClientCounts counts = new ClientCounts();

    @Test
    void countsEachClientUpToItsBound() {
        int slot = counts.tryAcquire(7, 2);
        assertNotEquals(ClientCounts.NONE, slot);
        assertEquals(slot, counts.tryAcquire(7, 2));
        assertEquals(ClientCounts.NONE, counts.tryAcquire(7, 2));
        assertNotEquals(ClientCounts.NONE, counts.tryAcquire(8, 2));
        counts.release(slot);
        assertEquals(slot, counts.tryAcquire(7, 2));
    }

    @Test
    void takesAnotherBoundForNewConnectionsAlone() {
        int slot = counts.tryAcquire(7, 3);
        counts.tryAcquire(7, 3);
        counts.tryAcquire(7, 3);
        assertEquals(ClientCounts.NONE, counts.tryAcquire(7, 1));
        counts.release(slot);
        counts.release(slot);
        assertEquals(ClientCounts.NONE, counts.tryAcquire(7, 1));
        counts.release(slot);
        assertNotEquals(ClientCounts.NONE, counts.tryAcquire(7, 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "40, 1", "600, 5", "5000, 2"})
    void agreesWithAModel(int clients, int most) {
        Random random = new Random(clients);
        long[] client = random.longs(clients).toArray();
        List<Deque<Integer>> model = IntStream.range(0, clients).mapToObj(_ -> new ArrayDeque<Integer>())
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
        for (int i = 0; i < 200_000; i++) {
            int which = random.nextInt(clients);
            Deque<Integer> slots = model.get(which);
            // In turns, more connections come and more end.
            if (random.nextInt(3) < (i / 50_000) % 2 + 1) {
                int slot = counts.tryAcquire(client[which], most);
                assertEquals(slots.size() < most, slot != ClientCounts.NONE);
                if (slot != ClientCounts.NONE) {
                    slots.add(slot);
                }
            } else if (!slots.isEmpty()) {
                counts.release(slots.remove());
            }
        }
        model.forEach(slots -> slots.forEach(counts::release));
        assertNothingCounted(client);
    }

    @Test
    void hasRoomForAnyNumberOfClients() {
        long[] clients = new Random(1).longs(100_000).toArray();
        int[] slots = acquireAll(clients);
        assertEquals(clients.length, IntStream.of(slots).distinct().count());
        for (long client : clients) {
            assertEquals(ClientCounts.NONE, counts.tryAcquire(client, 1));
        }
        IntStream.of(slots).forEach(counts::release);
        assertNothingCounted(clients);
    }

    @Test
    void allocatesNothingForNoMoreClientsThanBefore() {
        long[] clients = new Random(2).longs(2_000).toArray();
        int[] slots = new int[clients.length];
        Runnable round = () -> {
            for (int i = 0; i < clients.length; i++) {
                slots[i] = counts.tryAcquire(clients[i], 1);
                counts.tryAcquire(clients[i], 1);
            }
            for (int slot : slots) {
                counts.release(slot);
            }
        };
        for (int i = 0; i < 20; i++) {
            round.run();
        }
        long allocated = Allocation.by(round);
        assertTrue(allocated < 1000, allocated + " bytes");
    }

    /** A client that was counted apart in two slots would get more than it may have. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "40, 1", "3000, 1"})
    void neverExceedsABoundWhileThreadsCompete(int clients, int most) throws Exception {
        long[] client = new Random(3).longs(clients).toArray();
        AtomicInteger[] held = newCounters(clients);
        AtomicInteger exceeded = new AtomicInteger();
        inThreads(random -> {
            int[] which = new int[8];
            int[] slots = new int[8];
            for (int i = 0; i < 300_000; i++) {
                int place = i % slots.length;
                if (slots[place] != ClientCounts.NONE) {
                    held[which[place]].decrementAndGet();
                    counts.release(slots[place]);
                }
                which[place] = random.nextInt(clients);
                slots[place] = counts.tryAcquire(client[which[place]], most);
                if (slots[place] != ClientCounts.NONE && held[which[place]].incrementAndGet() > most) {
                    exceeded.incrementAndGet();
                }
            }
            for (int place = 0; place < slots.length; place++) {
                if (slots[place] != ClientCounts.NONE) {
                    held[which[place]].decrementAndGet();
                    counts.release(slots[place]);
                }
            }
        });
        assertEquals(0, exceeded.get());
        assertNothingCounted(client);
    }

    @Test
    void refusesNobodyWhoHasLessThanTheBoundWhileThreadsCompete() throws Exception {
        long[] client = new Random(4).longs(50).toArray();
        AtomicInteger refused = new AtomicInteger();
        inThreads(random -> {
            for (int i = 0; i < 300_000; i++) {
                int slot = counts.tryAcquire(client[random.nextInt(client.length)], THREADS);
                if (slot == ClientCounts.NONE) {
                    refused.incrementAndGet();
                } else {
                    counts.release(slot);
                }
            }
        });
        assertEquals(0, refused.get());
        assertNothingCounted(client);
    }

    private int[] acquireAll(long[] clients) {
        int[] slots = new int[clients.length];
        for (int i = 0; i < clients.length; i++) {
            slots[i] = counts.tryAcquire(clients[i], 1);
            assertNotEquals(ClientCounts.NONE, slots[i]);
        }
        return slots;
    }

    /** A client that may have only one connection gets none as long as another one is counted. */
    private void assertNothingCounted(long[] clients) {
        IntStream.of(acquireAll(clients)).forEach(counts::release);
    }

    private static AtomicInteger[] newCounters(int length) {
        return IntStream.range(0, length).mapToObj(_ -> new AtomicInteger()).toArray(AtomicInteger[]::new);
    }

    private static void inThreads(Work work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                runs.add(executor.submit(() -> {
                    start.await();
                    work.run(random);
                    return null;
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
    }

    private interface Work {
        void run(Random random);
    }
}
