package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who speaks first and who ends first is the clients' and servers' own affair: either may. */
class ConversationOrderTest {

    @Test
    void passesOnWhatAServerSaysFirst() throws Exception {
        Conversation greet = (name, client) -> {
            client.getOutputStream().write((name + " is ready\n").getBytes(StandardCharsets.US_ASCII));
            Conversation.ANSWER_LINES.hold(name, client);
        };
        try (NamedServer server = NamedServer.start("mysql", greet); Sluice sluice = launch(server);
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("mysql is ready", client.readLine());
            assertEquals("mysql login", client.ask("login"));
        }
    }

    @Test
    void letsAServerAnswerAfterTheClientHasEndedItsDirection() throws Exception {
        Conversation countToTheEnd = (name, client) -> {
            int lengthBytes = client.getInputStream().readAllBytes().length;
            client.getOutputStream().write((name + " got " + lengthBytes + "\n").getBytes(StandardCharsets.US_ASCII));
        };
        try (NamedServer server = NamedServer.start("server", countToTheEnd); Sluice sluice = launch(server);
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            client.send("x".repeat(100_000));
            client.finish();
            assertEquals("server got 100000", client.readLine());
            assertNull(client.readLine());
        }
    }

    @Test
    void letsAClientGoOnAfterTheServerHasEndedItsDirection() throws Exception {
        StringBuffer received = new StringBuffer();
        Conversation endFirst = (_, client) -> {
            client.getOutputStream().write("over\n".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            received.append(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        };
        try (NamedServer server = NamedServer.start("server", endFirst); Sluice sluice = launch(server);
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("over", client.readLine());
            assertNull(client.readLine());
            client.send("more\n");
            client.send("and more\n");
            client.finish();
            await().untilAsserted(() -> assertEquals("more\nand more\n", received.toString()));
        }
    }

    @Test
    void tellsTheServerThatTheClientHasReset() throws Exception {
        CompletableFuture<Boolean> reset = new CompletableFuture<>();
        Conversation waitForTheEnd = (name, client) -> {
            try {
                Conversation.ANSWER_LINES.hold(name, client);
                reset.complete(false);
            } catch (SocketException e) {
                reset.complete(true);
            }
        };
        try (NamedServer server = NamedServer.start("server", waitForTheEnd); Sluice sluice = launch(server);
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", client.askForName());
            client.reset();
            assertTrue(reset.get(10, TimeUnit.SECONDS));
        }
    }

    private static Sluice launch(NamedServer server) throws Exception {
        return InProcess.launch("""
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: %s } }
                """.formatted(NamedServer.entries(server)));
    }
}
