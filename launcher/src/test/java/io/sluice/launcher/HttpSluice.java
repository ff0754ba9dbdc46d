package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.pool.Server;
import io.sluice.core.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Sluice with one HTTP listener, {@code in}, before one pool, {@code pool}. */
final class HttpSluice {

    private HttpSluice() { }

    static Sluice before(HttpOrigin... origins) throws Exception {
        return before("", origins);
    }

    /** @param poolKeys separated by commas */
    static Sluice before(String poolKeys, HttpOrigin... origins) throws Exception {
        return launch("pool: pool", HttpOrigin.entries(origins), poolKeys);
    }

    /** @param listenerKeys routes or pool, and others, separated by commas */
    static Sluice launch(String listenerKeys, String servers, String poolKeys) throws Exception {
        return InProcess.launch("""
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, access-log: off, %s }]
                pools: { pool: { servers: %s%s } }
                """.formatted(listenerKeys, servers, poolKeys.isEmpty() ? "" : ", " + poolKeys));
    }

    /** Waits until nothing is held for any client: no connection, no slot on a server, no buffer. */
    static void awaitNothingHeld(Sluice sluice) {
        await().until(() -> sluice.connections() == 0);
        await().untilAsserted(() -> {
            for (Server server : sluice.pools().get("pool").servers()) {
                assertEquals(0, server.connections(), server.name());
            }
            for (Worker worker : sluice.workers()) {
                assertEquals(0, buffersInUse(worker), "buffers in use");
            }
        });
    }

    /** Runs this while the only worker does nothing, so that all that comes meanwhile is one cycle's. */
    static void whileHeld(Sluice sluice, Action action) throws Exception {
        whileHeld(sluice, action, () -> { });
    }

    /** The same, and then runs the other before the worker does what that cycle's events have deferred to its end. */
    static void whileHeld(Sluice sluice, Action action, Action behindEvents) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch heldAgain = new CountDownLatch(1);
        CountDownLatch overAgain = new CountDownLatch(1);
        EventLoop loop = sluice.workers().getFirst().loop();
        loop.mailbox().post(() -> {
            loop.defer(() -> {
                heldAgain.countDown();
                awaitQuietly(overAgain);
            });
            held.countDown();
            awaitQuietly(over);
        });
        Latches.await(held);
        action.run();
        over.countDown();
        Latches.await(heldAgain);
        behindEvents.run();
        overAgain.countDown();
    }

    /** Waits until the only worker has seen all that has come by now. */
    static void awaitCycle(Sluice sluice) throws IOException {
        // The first of these may be done in the cycle before the one that sees it.
        onWorker(sluice, () -> { });
        onWorker(sluice, () -> { });
    }

    /** Has the only worker do this, and waits until it has. */
    static void onWorker(Sluice sluice, Runnable work) throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        sluice.workers().getFirst().loop().mailbox().post(() -> {
            work.run();
            done.countDown();
        });
        Latches.await(done);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            Latches.await(latch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What may fail. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** And pipes and what TLS keeps, which hold bytes in flight likewise. */
    static int buffersInUse(Worker worker) {
        CompletableFuture<Integer> inUse = new CompletableFuture<>();
        worker.loop().mailbox().post(() ->
                inUse.complete(worker.buffers().inUse() + worker.vessels().pipes().inUse()
                        + worker.tlsBuffers().inUse()));
        return inUse.join();
    }
}
