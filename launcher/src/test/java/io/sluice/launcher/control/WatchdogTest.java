package io.sluice.launcher.control;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Mailbox;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private final List<EventLoop> loops = List.of(new EventLoop(), new EventLoop());
    private final List<Thread> threads = loops.stream().map(Thread::new).toList();
    private final AtomicInteger fed = new AtomicInteger();
    private final Watchdog watchdog =
            new Watchdog(loops.stream().map(EventLoop::mailbox).toList(), fed::incrementAndGet);

    @BeforeEach
    void start() {
        threads.forEach(Thread::start);
    }

    @AfterEach
    void stop() throws InterruptedException {
        loops.forEach(EventLoop::stop);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void isFedWhileIdleLoopsTurn() throws InterruptedException {
        for (int run = 1; run <= 5; run++) {
            watchdog.run();
            assertEquals(run, fed.get());
            awaitCycle();
        }
    }

    @Test
    void isNotFedWhileOneLoopHangsAndAgainOnceItTurns() throws InterruptedException {
        watchdog.run();
        awaitCycle();
        CountDownLatch hanging = new CountDownLatch(1);
        loops.getLast().mailbox().post(() -> awaitUninterruptibly(hanging));
        watchdog.run();
        assertEquals(2, fed.get());
        for (int run = 0; run < 5; run++) {
            watchdog.run();
        }
        assertEquals(2, fed.get());
        hanging.countDown();
        await().until(() -> {
            watchdog.run();
            return fed.get() > 2;
        });
    }

    /** Until each loop has done all that it was asked so far. */
    private void awaitCycle() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(loops.size());
        for (EventLoop loop : loops) {
            Mailbox mailbox = loop.mailbox();
            mailbox.post(done::countDown);
        }
        done.await();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
