package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Draining takes nobody new and lets those who are there finish, up to a point. */
class DrainTest {

    private NamedServer server;
    private Sluice sluice;

    @BeforeEach
    void start() throws Exception {
        server = NamedServer.start("server");
        sluice = launch();
    }

    private Sluice launch() throws Exception {
        return InProcess.launch("""
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: %s } }
                """.formatted(NamedServer.entries(server)));
    }

    @AfterEach
    void stop() throws Exception {
        sluice.close();
        server.close();
    }

    @Test
    void refusesNewConnectionsWhileOldOnesGoOnUntilTheirEnd() throws Exception {
        try (TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server before", client.ask("before"));
            CompletableFuture<Boolean> drained = drain(Duration.ofSeconds(30));
            await().until(this::isRefused);
            assertEquals("server during", client.ask("during"));
            assertFalse(drained.isDone());
            client.leave();
            assertTrue(drained.get());
        }
    }

    @Test
    void servesConnectionsThatWereEstablishedJustBefore() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (TestClient client = TestClient.to(InProcess.address(sluice))) {
                CompletableFuture<Boolean> drained = drain(Duration.ofSeconds(30));
                assertEquals("server " + i, client.ask("" + i));
                client.leave();
                assertTrue(drained.get());
            }
            stop();
            start();
        }
    }

    /** Bytes in a pipe of the kernel's are in flight as those in a buffer are. */
    @Test
    void losesNothingOfABulkTransferThatIsUnderWay() throws Exception {
        byte[] bulk = new byte[16 * 1024 * 1024];
        new Random(1).nextBytes(bulk);
        server.close();
        server = NamedServer.start("bulk", (_, client) -> {
            client.getOutputStream().write(bulk);
            client.shutdownOutput();
        });
        sluice.close();
        sluice = launch();
        try (TestClient client = TestClient.to(InProcess.address(sluice))) {
            await().until(() -> sluice.workers().stream().anyMatch(worker -> HttpSluice.buffersInUse(worker) > 0));
            CompletableFuture<Boolean> drained = drain(Duration.ofSeconds(30));
            // Another client's connection, to see whether it is refused, would be sent bytes, too.
            await().until(sluice.control()::isDraining);
            assertArrayEquals(bulk, client.socket().getInputStream().readAllBytes());
            client.leave();
            assertTrue(drained.get());
            assertEquals(bulk.length, sluice.stats().sum(Counter.SERVER_BYTES));
        }
    }

    @Test
    void resetsWhoIsLeftWhenTheTimeIsUp() throws Exception {
        try (TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", client.askForName());
            assertFalse(sluice.drain(Duration.ofMillis(20)));
            sluice.close();
            assertTrue(client.awaitEndByReset());
        }
    }

    private CompletableFuture<Boolean> drain(Duration atMost) {
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                drained.complete(sluice.drain(atMost));
            } catch (InterruptedException e) {
                drained.completeExceptionally(e);
            }
        });
        return drained;
    }

    private boolean isRefused() throws IOException {
        try {
            TestClient.to(InProcess.address(sluice)).leave();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }
}
