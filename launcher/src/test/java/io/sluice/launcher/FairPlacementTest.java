package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Long-lived connections are spread evenly over the workers, wherever the kernel has put them. */
class FairPlacementTest {

    @Test
    void spreads64ConnectionsOver4WorkersWithinOne() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = InProcess.launch("""
                     workers: 4
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                     pools: { pool: { servers: %s } }
                     """.formatted(NamedServer.entries(server)))) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                TestClient client = TestClient.to(InProcess.address(sluice));
                clients.add(client);
                assertEquals("server", client.askForName());
            }
            for (TestClient client : clients) {
                client.close();
            }
            await().until(() -> sluice.stats().sum(Counter.CONNECTIONS_ENDED) == 64);
            // Where a connection ends, there it has lived.
            List<Long> served = sluice.workers().stream()
                    .map(worker -> worker.stats().get(Counter.CONNECTIONS_ENDED)).toList();
            assertTrue(served.stream().allMatch(count -> count >= 15 && count <= 17), served.toString());
        }
    }
}
