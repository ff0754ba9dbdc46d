package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.core.pool.ServerState;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A client's address alone decides which server it gets, on every worker and in every process. */
class IpHashStickinessTest {

    private static final int CLIENTS = 40;

    @Test
    void sendsAClientToTheSameServerEachTimeAndAfterARestart() throws Exception {
        try (NamedServer apple = NamedServer.start("apple");
             NamedServer banana = NamedServer.start("banana");
             NamedServer cherry = NamedServer.start("cherry")) {
            Map<String, String> first;
            try (Sluice sluice = launch(apple, banana, cherry)) {
                first = serversByClient(sluice);
                assertEquals(Set.of("apple", "banana", "cherry"), Set.copyOf(first.values()));
                assertEquals(first, serversByClient(sluice));
            }
            try (Sluice restarted = launch(apple, banana, cherry)) {
                assertEquals(first, serversByClient(restarted));
            }
        }
    }

    @Test
    void movesHardlyAnyoneButTheClientsOfAServerThatWentDown() throws Exception {
        try (NamedServer apple = NamedServer.start("apple");
             NamedServer banana = NamedServer.start("banana");
             NamedServer cherry = NamedServer.start("cherry");
             Sluice sluice = launch(apple, banana, cherry)) {
            Map<String, String> before = serversByClient(sluice);
            banana.kill();
            await().until(() -> InProcess.state(sluice, "banana") == ServerState.DOWN);
            Map<String, String> without = serversByClient(sluice);
            int moved = 0;
            for (Map.Entry<String, String> entry : before.entrySet()) {
                if (entry.getValue().equals("banana")) {
                    assertNotEquals("banana", without.get(entry.getKey()));
                } else if (!entry.getValue().equals(without.get(entry.getKey()))) {
                    moved++;
                }
            }
            // Maglev moves few of the others, but not none.
            assertEquals(0, moved, 2);
            banana.comeBack();
            // Each worker learns it a moment later than the state says.
            await().untilAsserted(() -> assertEquals(before, serversByClient(sluice)));
        }
    }

    private static Sluice launch(NamedServer... servers) throws Exception {
        return InProcess.launch("""
                workers: 3
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools:
                  pool:
                    balance: ip-hash
                    servers: %s
                    health-check: { type: tcp, interval: 30ms, timeout: 10s, fall: 2 }
                """.formatted(NamedServer.entries(servers)));
    }

    private static Map<String, String> serversByClient(Sluice sluice) throws Exception {
        Map<String, String> servers = new TreeMap<>();
        for (int i = 1; i <= CLIENTS; i++) {
            String address = "127.0.7." + i;
            try (TestClient client = TestClient.from(address, InProcess.address(sluice))) {
                servers.put(address, client.askForName());
            }
        }
        return servers;
    }
}
