package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When all servers are at their {@code max-connections}, clients wait: in turn, not too many, not for too long. */
class ServerQueueTest {

    @Test
    void servesWaitingClientsInTheOrderInWhichTheyCame() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = launch(server, "max-queue: 10");
             TestClient holder = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", holder.askForName());
            List<TestClient> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(queued(sluice, i));
            }
            TestClient served = holder;
            for (int i = 0; i < waiting.size(); i++) {
                for (TestClient later : waiting.subList(i, waiting.size())) {
                    assertFalse(later.hasInput());
                }
                served.leave();
                served = waiting.get(i);
                assertEquals("server " + i, served.readLine());
            }
            served.leave();
        }
    }

    @Test
    void skipsAClientThatHasGoneAway() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = launch(server, "max-queue: 10");
             TestClient holder = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", holder.askForName());
            try (TestClient impatient = queued(sluice, 0); TestClient patient = queued(sluice, 1)) {
                impatient.leave();
                await().until(() -> InProcess.queueLength(sluice) == 1);
                holder.leave();
                assertEquals("server 1", patient.readLine());
            }
        }
    }

    @Test
    void resetsAClientForWhomTheQueueIsFull() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = launch(server, "max-queue: 1");
             TestClient holder = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", holder.askForName());
            try (TestClient waiting = queued(sluice, 0);
                 TestClient surplus = TestClient.to(InProcess.address(sluice))) {
                assertTrue(surplus.awaitEndByReset());
                await().until(() -> sluice.stats().sum(Counter.QUEUE_FULL) == 1);
                holder.leave();
                assertEquals("server 0", waiting.readLine());
            }
        }
    }

    @Test
    void resetsAClientThatHasWaitedTooLong() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = launch(server, "max-queue: 1, timeouts: { queue: 50ms }");
             TestClient holder = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", holder.askForName());
            try (TestClient waiting = TestClient.to(InProcess.address(sluice))) {
                assertTrue(waiting.awaitEndByReset());
                await().until(() -> sluice.stats().sum(Counter.QUEUE_TIMEOUTS) == 1);
                assertEquals("server still here", holder.ask("still here"));
            }
        }
    }

    private static Sluice launch(NamedServer server, String furtherKeys) throws Exception {
        return InProcess.launch("""
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: [%s], %s } }
                """.formatted(server.entry("max-connections: 1"), furtherKeys));
    }

    /** A client that has said its number and stands in the queue behind that many others. */
    private static TestClient queued(Sluice sluice, int number) throws Exception {
        TestClient client = TestClient.to(InProcess.address(sluice));
        client.send(number + "\n");
        await().until(() -> InProcess.queueLength(sluice) == number + 1);
        return client;
    }
}
