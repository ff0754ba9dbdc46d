package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {

    private final ConnectionLimit process = new ConnectionLimit(null, 3);
    private final ConnectionLimit listener = new ConnectionLimit(process, 2);
    private final ConnectionLimit other = new ConnectionLimit(process, 2);
    private final List<String> resumed = new ArrayList<>();

    @Test
    void countsUpToItsBound() {
        assertTrue(listener.tryAcquire());
        assertTrue(listener.tryAcquire());
        assertFalse(listener.tryAcquire());
        assertEquals(2, listener.taken());
        assertEquals(2, process.taken());
        listener.release();
        assertTrue(listener.tryAcquire());
    }

    @Test
    void countsUpToTheOuterBound() {
        assertTrue(listener.tryAcquire() && listener.tryAcquire() && other.tryAcquire());
        assertFalse(other.tryAcquire());
        assertEquals(1, other.taken());
        listener.release();
        assertTrue(other.tryAcquire());
        assertEquals(3, process.taken());
    }

    @Test
    void tellsWhichBoundIsReached() {
        assertTrue(listener.tryAcquire() && other.tryAcquire() && other.tryAcquire());
        assertFalse(listener.tryAcquire() || other.tryAcquire());
        assertSame(process, listener.full());
        assertSame(other, other.full());
    }

    @Test
    void resumesWhoWaitsWhenThereIsRoomAgain() {
        assertTrue(listener.tryAcquire() && listener.tryAcquire());
        listener.await(() -> resumed.add("a"));
        listener.await(() -> resumed.add("b"));
        assertEquals(List.of(), resumed);
        listener.release();
        assertEquals(List.of("a", "b"), resumed);
        listener.release();
        assertEquals(List.of("a", "b"), resumed);
    }

    @Test
    void takesAnotherBoundAndResumesWhoWaits() {
        assertTrue(listener.tryAcquire() && listener.tryAcquire());
        listener.await(() -> resumed.add("a"));
        listener.most(3);
        assertEquals(List.of("a"), resumed);
        assertTrue(listener.tryAcquire());
        listener.most(1);
        assertEquals(3, listener.taken());
        listener.release();
        listener.release();
        assertFalse(listener.tryAcquire());
        listener.release();
        assertTrue(listener.tryAcquire());
    }

    @Test
    void resumesWhoWaitsForTheOuterBoundWhenAnotherListenerMakesRoom() {
        assertTrue(listener.tryAcquire() && listener.tryAcquire() && other.tryAcquire());
        assertFalse(other.tryAcquire());
        other.await(() -> resumed.add("other"));
        listener.release();
        assertEquals(List.of("other"), resumed);
    }

    @Test
    void resumesAtOnceIfRoomWasMadeInTheMeantime() {
        assertTrue(listener.tryAcquire() && listener.tryAcquire());
        assertFalse(listener.tryAcquire());
        listener.release();
        listener.await(() -> resumed.add("a"));
        assertEquals(List.of("a"), resumed);
    }

    /** Otherwise two acceptors of a full listener would resume each other for ever by trying. */
    @Test
    void doesNotResumeWhoWaitsForAFullListenerWhenAnotherTriesInVain() {
        assertTrue(listener.tryAcquire() && listener.tryAcquire());
        listener.await(() -> resumed.add("a"));
        assertFalse(listener.tryAcquire());
        listener.await(() -> resumed.add("b"));
        assertEquals(List.of(), resumed);
        assertEquals(2, process.taken());
    }

    /** Whoever is refused sleeps until resumed: one lost resume and this never ends. */
    @Test
    void neverExceedsABoundAndNeverForgetsAWaiterUnderStress() throws Exception {
        int rounds = 10_000;
        ConnectionLimit[] inner = {listener, other};
        AtomicInteger heldAtOnce = new AtomicInteger();
        AtomicInteger[] held = {new AtomicInteger(), new AtomicInteger()};
        AtomicInteger exceeded = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(6);
        for (int i = 0; i < 6; i++) {
            int which = i % 2;
            Thread.ofPlatform().daemon().start(() -> {
                Semaphore wake = new Semaphore(0);
                for (int round = 0; round < rounds; round++) {
                    while (!inner[which].tryAcquire()) {
                        inner[which].await(wake::release);
                        wake.acquireUninterruptibly();
                    }
                    if (held[which].incrementAndGet() > 2 | heldAtOnce.incrementAndGet() > 3) {
                        exceeded.incrementAndGet();
                    }
                    Thread.yield();
                    held[which].decrementAndGet();
                    heldAtOnce.decrementAndGet();
                    inner[which].release();
                }
                done.countDown();
            });
        }
        assertTrue(done.await(60, TimeUnit.SECONDS), "a waiter was forgotten");
        assertEquals(0, exceeded.get());
        assertEquals(0, process.taken());
        assertEquals(0, listener.taken());
    }
}
