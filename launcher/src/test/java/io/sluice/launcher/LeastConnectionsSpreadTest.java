package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** New connections go where the fewest are, over all workers. */
class LeastConnectionsSpreadTest {

    @Test
    void fillsUpTheServerThatLostConnections() throws Exception {
        try (NamedServer apple = NamedServer.start("apple");
             NamedServer banana = NamedServer.start("banana");
             Sluice sluice = InProcess.launch("""
                     workers: 3
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                     pools: { pool: { balance: least-connections, servers: %s } }
                     """.formatted(NamedServer.entries(apple, banana)))) {
            List<TestClient> onApple = new ArrayList<>();
            List<TestClient> onBanana = new ArrayList<>();
            connect(sluice, 12, onApple, onBanana);
            assertEquals(6, onApple.size());
            assertEquals(6, onBanana.size());

            for (TestClient client : onApple.subList(0, 4)) {
                client.close();
            }
            await().until(() -> InProcess.server(sluice, "apple").connections() == 2);
            List<TestClient> newOnApple = new ArrayList<>();
            connect(sluice, 4, newOnApple, onBanana);
            assertEquals(4, newOnApple.size());
            assertEquals(6, onBanana.size());
        }
    }

    private static void connect(Sluice sluice, int count, List<TestClient> onApple, List<TestClient> onBanana)
            throws Exception {
        for (int i = 0; i < count; i++) {
            TestClient client = TestClient.to(InProcess.address(sluice));
            (client.askForName().equals("apple") ? onApple : onBanana).add(client);
        }
    }
}
