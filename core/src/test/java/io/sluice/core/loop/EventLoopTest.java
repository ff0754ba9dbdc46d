package io.sluice.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {

    private final HandDriven driven = new HandDriven();
    private final EventLoop loop = driven.loop();
    private final List<String> seen = new ArrayList<>();
    private final List<Pipe> pipes = new ArrayList<>();
    /** Of the pipes' sources, in their order. */
    private final List<Registration> registrations = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        driven.close();
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    @Test
    void doesWhatIsPostedInOrderAndInOneCycle() {
        loop.mailbox().post(() -> {
            seen.add("first");
            loop.mailbox().post(() -> seen.add("posted by first"));
        });
        loop.mailbox().post(() -> seen.add("second"));
        driven.turn();
        assertEquals(List.of("first", "second", "posted by first"), seen);
    }

    @Test
    void goesOnAfterPostedWorkThatThrows() {
        loop.mailbox().post(() -> {
            throw new IllegalStateException("thrown by a test");
        });
        loop.mailbox().post(() -> seen.add("next"));
        driven.turn();
        assertEquals(List.of("next"), seen);
    }

    @Test
    void tellsAHandlerThatItThrewAndGoesOnWithOthers() throws IOException {
        registerReadyPipe(readyOps -> {
            throw new IllegalStateException("thrown by a test");
        });
        registerReadyPipe(readyOps -> seen.add("other ready for " + readyOps));
        driven.turn();
        seen.sort(null);
        assertEquals(List.of("failure: thrown by a test", "other ready for " + SelectionKey.OP_READ), seen);
    }

    @Test
    void leavesOutAChannelThatAnotherHandlerClosesInTheSameCycle() throws IOException {
        for (int i = 0; i < 2; i++) {
            registerReadyPipe(readyOps -> {
                seen.add("ready");
                closeSource(0);
                closeSource(1);
            });
        }
        driven.turn();
        driven.turn();
        assertEquals(List.of("ready"), seen);
    }

    /** In the order of registration, and thus of the kernel, every other handler is one of those that come first. */
    @Test
    void tellsThoseThatComeFirstBeforeAllOthersOfACycle() throws IOException {
        for (int i = 0; i < 4; i++) {
            registerReadyPipe(false, readyOps -> seen.add("client"));
            registerReadyPipe(true, readyOps -> seen.add("server"));
        }
        driven.turn();
        assertEquals(List.of("server", "server", "server", "server", "client", "client", "client", "client"), seen);
    }

    @Test
    void leavesOutAClientThatAServersHandlerClosesInTheSameCycle() throws IOException {
        registerReadyPipe(false, readyOps -> seen.add("client"));
        registerReadyPipe(true, readyOps -> {
            seen.add("server");
            closeSource(0);
        });
        driven.turn();
        assertEquals(List.of("server"), seen);
    }

    @Test
    void leavesOutAClientThatAServersHandlerWantsToHearOfNoMoreInTheSameCycle() throws IOException {
        Registration client = registerReadyPipe(false, readyOps -> seen.add("client"));
        registerReadyPipe(true, readyOps -> {
            seen.add("server");
            client.interestOps(0);
        });
        driven.turn();
        assertEquals(List.of("server"), seen);
    }

    @Test
    void tellsOfACycleOnlyInThatCycle() throws IOException {
        registerReadyPipe(readyOps -> seen.add("client"));
        driven.turn();
        pipes.getFirst().source().read(ByteBuffer.allocate(1));
        driven.turn();
        assertEquals(List.of("client"), seen);
    }

    @Test
    void showsEveryHandlerTheTimeOfItsCycle() throws IOException {
        for (boolean comesFirst : new boolean[] {true, false}) {
            registerReadyPipe(comesFirst, readyOps -> seen.add("now " + (loop.nowNs() - driven.clock().getAsLong())));
        }
        driven.clock().advance(Duration.ofSeconds(1));
        driven.turn();
        assertEquals(List.of("now 0", "now 0"), seen);
    }

    @Test
    void expiresTimersByItsClock() {
        loop.timers().schedule(new Timer(nowNs -> seen.add("due")), loop.nowNs() + Duration.ofSeconds(1).toNanos());
        driven.pass(Duration.ofMillis(999));
        assertEquals(List.of(), seen);
        driven.pass(Duration.ofMillis(1));
        assertEquals(List.of("due"), seen);
    }

    @Test
    void goesOnAfterATimerThatThrows() {
        loop.timers().schedule(new Timer(nowNs -> {
            throw new IllegalStateException("thrown by a test");
        }), loop.nowNs());
        loop.timers().schedule(new Timer(nowNs -> seen.add("other timer")), loop.nowNs());
        driven.turn();
        driven.turn();
        assertEquals(List.of("other timer"), seen);
    }

    @Test
    void showsAllOfACycleTheSameTime() {
        loop.mailbox().post(() -> driven.clock().advance(Duration.ofSeconds(1)));
        loop.mailbox().post(() -> seen.add("now " + (loop.nowNs() - driven.clock().getAsLong())));
        driven.turn();
        assertEquals(List.of("now -1000000000"), seen);
        assertEquals(loop.nowNs(), driven.clock().getAsLong());
    }

    @Test
    void doesDeferredWorkAtTheEndOfTheCycle() throws IOException {
        registerReadyPipe(readyOps -> {
            loop.defer(() -> seen.add("deferred"));
            seen.add("ready");
        });
        loop.timers().schedule(new Timer(nowNs -> seen.add("timer")), loop.nowNs());
        driven.turn();
        assertEquals(List.of("ready", "timer", "deferred"), seen);
    }

    @Test
    void doesNotSleepOnWorkThatPostedWorkDefers() {
        assertDoneWithoutSleep(() -> loop.defer(() -> seen.add("deferred")));
    }

    @Test
    void doesNotSleepOnWorkThatDeferredWorkDefers() {
        assertDoneWithoutSleep(() -> loop.defer(() -> loop.defer(() -> seen.add("deferred"))));
    }

    /** The manual clock stands, so the cycle after the handler's takes as long as its timer is away, or no time. */
    @Test
    void sleepsAlthoughAHandlerHasPosted() throws IOException {
        registerReadyPipe(readyOps -> {
            closeSource(0);
            loop.mailbox().post(() -> seen.add("posted"));
        });
        loop.timers().schedule(new Timer(nowNs -> seen.add("timer")), loop.nowNs() + 20_000_000);
        loop.runOnce();
        long startNs = System.nanoTime();
        loop.runOnce();
        assertTrue(System.nanoTime() - startNs > 15_000_000, "the handler's post has woken the loop once more");
        assertEquals(List.of("posted"), seen);
    }

    private void assertDoneWithoutSleep(Runnable posted) {
        loop.mailbox().post(posted);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            while (seen.isEmpty()) {
                loop.runOnce();
            }
        }, "the loop sleeps although there is work");
        assertEquals(List.of("deferred"), seen);
    }

    @Test
    void sleepsNoLongerThanUntilTheNextTimer() throws Exception {
        try (LoopThread real = new LoopThread()) {
            CountDownLatch due = new CountDownLatch(1);
            AtomicInteger early = new AtomicInteger();
            real.run(() -> {
                long deadlineNs = System.nanoTime() + 3_500_000;
                real.loop().timers().schedule(new Timer(nowNs -> {
                    early.set(nowNs - deadlineNs < 0 ? 1 : 0);
                    due.countDown();
                }), deadlineNs);
            });
            assertTrue(due.await(20, TimeUnit.SECONDS));
            assertEquals(0, early.get());
        }
    }

    /** Each message is posted when the one before is done, so that the loop is about to sleep, asleep or waking up. */
    @Test
    void losesNoWakeUp() throws Exception {
        int producers = 8;
        int messages = 20_000;
        CountDownLatch done = new CountDownLatch(producers);
        try (LoopThread real = new LoopThread()) {
            for (int i = 0; i < producers; i++) {
                Thread.ofPlatform().daemon().start(() -> {
                    for (int message = 0; message < messages; message++) {
                        CountDownLatch received = new CountDownLatch(1);
                        real.loop().mailbox().post(received::countDown);
                        awaitOrDie(received);
                    }
                    done.countDown();
                });
            }
            assertTrue(done.await(60, TimeUnit.SECONDS), "a post did not wake the loop");
        }
    }

    @Test
    void keepsTheOrderOfEachOfManyProducers() throws Exception {
        int producers = 8;
        int messages = 50_000;
        int[] last = new int[producers];
        AtomicInteger outOfOrder = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(producers * messages);
        try (LoopThread real = new LoopThread()) {
            for (int i = 0; i < producers; i++) {
                int producer = i;
                Thread.ofPlatform().daemon().start(() -> {
                    for (int message = 1; message <= messages; message++) {
                        int expected = message;
                        real.loop().mailbox().post(() -> {
                            if (++last[producer] != expected) {
                                outOfOrder.incrementAndGet();
                            }
                            done.countDown();
                        });
                    }
                });
            }
            assertTrue(done.await(60, TimeUnit.SECONDS));
            assertEquals(0, outOfOrder.get());
        }
    }

    @Test
    void doesWhatWasPostedBeforeTheStop() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (LoopThread real = new LoopThread()) {
            real.loop().mailbox().post(() -> awaitOrDie(held));
            real.loop().mailbox().post(() -> seen.add("posted before the stop"));
            real.loop().stop();
            real.loop().mailbox().post(() -> seen.add("and after it"));
            held.countDown();
        }
        assertEquals("posted before the stop", seen.getFirst());
    }

    @Test
    void closesWhatIsRegisteredWhenItEnds() throws IOException {
        registerReadyPipe(readyOps -> { });
        driven.close();
        assertFalse(pipes.getFirst().source().isOpen());
    }

    private static void awaitOrDie(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void registerReadyPipe(IntConsumer onReady) throws IOException {
        registerReadyPipe(false, onReady);
    }

    private Registration registerReadyPipe(boolean comesFirst, IntConsumer onReady) throws IOException {
        Pipe pipe = Pipe.open();
        pipes.add(pipe);
        pipe.source().configureBlocking(false);
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        Registration registration = loop.register(pipe.source(), SelectionKey.OP_READ, new ReadyHandler() {
            @Override
            public void onReady(int readyOps) {
                onReady.accept(readyOps);
            }

            @Override
            public boolean comesFirst() {
                return comesFirst;
            }

            @Override
            public void onFailure(RuntimeException failure) {
                seen.add("failure: " + failure.getMessage());
            }
        });
        registrations.add(registration);
        return registration;
    }

    private void closeSource(int index) {
        registrations.get(index).cancel();
        try {
            pipes.get(index).source().close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
