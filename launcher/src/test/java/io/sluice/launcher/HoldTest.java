package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.ServerState;
import io.sluice.core.stats.Counter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** While no server is up, clients of a pool with {@code hold} wait in place of failing. */
class HoldTest {

    private static final Conversation ANSWER_A_REQUEST = (name, client) -> {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name;
                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        }
    };

    @Test
    void servesThoseHeldInTheirOrderWhenAServerComesUp() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = launch("tcp", server, "20s");
             TestClient first = TestClient.to(InProcess.address(sluice))) {
            first.send("1\n");
            await().until(() -> InProcess.queueLength(sluice) == 1);
            try (TestClient second = TestClient.to(InProcess.address(sluice))) {
                second.send("2\n");
                await().until(() -> InProcess.queueLength(sluice) == 2);
                assertFalse(first.hasInput() || second.hasInput());
                server.comeBack();
                assertEquals("server 1", first.readLine());
                assertEquals("server 2", second.readLine());
            }
        }
    }

    @Test
    void resetsThoseForWhomNoServerCameUpInTime() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = launch("tcp", server, "50ms");
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertTrue(client.awaitEndByReset());
            await().until(() -> sluice.stats().sum(Counter.QUEUE_TIMEOUTS) == 1
                    && sluice.stats().sum(Counter.CLIENTS_HELD) == 1);
        }
    }

    @Test
    void answersARequestWhenAServerComesUp() throws Exception {
        try (NamedServer server = NamedServer.start("server", ANSWER_A_REQUEST);
             Sluice sluice = launch("http", server, "20s"); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> InProcess.queueLength(sluice) == 1);
            server.comeBack();
            assertEquals("server", client.response().body());
        }
    }

    @Test
    void refusesARequestForWhichNoServerCameUpInTime() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = launch("http", server, "50ms");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(503, client.get("/").status());
        }
    }

    /** With a server that is down already. */
    private static Sluice launch(String protocol, NamedServer server, String hold) throws Exception {
        server.stopListening();
        Sluice sluice = InProcess.launch("""
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: %s, pool: pool }]
                pools:
                  pool:
                    servers: %s
                    health-check: { type: tcp, interval: 30ms, timeout: 10s, rise: 1 }
                    hold: %s
                """.formatted(protocol, NamedServer.entries(server), hold));
        assertEquals(ServerState.DOWN, InProcess.state(sluice, "server"));
        return sluice;
    }
}
