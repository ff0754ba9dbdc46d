package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.ServerState;
import org.junit.jupiter.api.Test;

/** What becomes of the connections on a server that its health check finds down although they still work. */
class OnDownTest {

    @Test
    void resetsThemWithCloseConnections() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = launch(server, "close-connections");
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", client.askForName());
            server.stopListening();
            assertTrue(client.awaitEndByReset());
            assertEquals(ServerState.DOWN, InProcess.state(sluice, "server"));
            await().until(() -> sluice.connections() == 0);
        }
    }

    @Test
    void leavesThemAloneWithKeep() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = launch(server, "keep");
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", client.askForName());
            server.stopListening();
            await().until(() -> InProcess.state(sluice, "server") == ServerState.DOWN);
            assertEquals("server still here", client.ask("still here"));
        }
    }

    private static Sluice launch(NamedServer server, String onDown) throws Exception {
        return InProcess.launch("""
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools:
                  pool:
                    servers: %s
                    health-check: { type: tcp, interval: 30ms, timeout: 10s, fall: 2 }
                    on-down: %s
                """.formatted(NamedServer.entries(server), onDown));
    }
}
