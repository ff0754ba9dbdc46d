package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.ServerState;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the connections on a server that its health check finds down although they still work. */
class OnDownTest {

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = LoopbackPorts.listen();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void resetsThemWithCloseConnections() throws Exception {
        try (Sluice sluice = launch("close-connections");
             TestClient client = TestClient.to(InProcess.address(sluice));
             Socket serverSide = establish(client)) {
            assertTrue(serverSide.isConnected());
            server.close();
            assertTrue(client.awaitEndByReset());
            assertEquals(ServerState.DOWN, InProcess.state(sluice, "server"));
            await().until(() -> sluice.connections() == 0);
        }
    }

    @Test
    void leavesThemAloneWithKeep() throws Exception {
        try (Sluice sluice = launch("keep");
             TestClient client = TestClient.to(InProcess.address(sluice));
             Socket serverSide = establish(client)) {
            server.close();
            await().until(() -> InProcess.state(sluice, "server") == ServerState.DOWN);
            serverSide.getOutputStream().write("still here\n".getBytes());
            assertEquals("still here", client.readLine());
        }
    }

    private Sluice launch(String onDown) throws Exception {
        return InProcess.launch("""
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools:
                  pool:
                    servers: [{ name: server, address: 127.0.0.1:%d }]
                    health-check: { type: tcp, interval: 30ms, fall: 2 }
                    on-down: %s
                """.formatted(server.getLocalPort(), onDown));
    }

    /** The server's end of the client's connection, among the health checks' that come as well. */
    private Socket establish(TestClient client) throws IOException {
        client.send("!");
        for (;;) {
            Socket accepted = server.accept();
            try {
                if (accepted.getInputStream().read() == '!') {
                    return accepted;
                }
            } catch (IOException e) {
                // A health check ends with a reset.
            }
            accepted.close();
        }
    }
}
