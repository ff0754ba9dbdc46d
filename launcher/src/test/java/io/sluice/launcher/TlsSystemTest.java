package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.worker.Worker;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS in a whole Sluice: what becomes of servers that are not who they should be, and of certificates that change. */
class TlsSystemTest {

    private static final String OWN = "{ certificates: [{ chain: own.pem, key: own.key }] }";

    @TempDir
    private Path directory;

    @Test
    void takesServersDownThatAreNotWhoTheyShouldBe() throws Exception {
        try (NamedServer right = NamedServer.start("right", ShippedTls.showing("api").over(Conversation.ANSWER_OK));
             NamedServer wrong = NamedServer.start("wrong", ShippedTls.showing("db").over(Conversation.ANSWER_OK));
             NamedServer plain = NamedServer.start("plain", Conversation.ANSWER_OK);
             Sluice sluice = launch("listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: api }]\n"
                     + "pools: { api: { servers: " + NamedServer.entries(right, wrong, plain)
                     + ", health-check: { type: http, path: /, timeout: 10s }, tls: " + pool() + " } }\n")) {
            assertEquals("right UP, wrong DOWN, plain DOWN", sluice.control().pools().get("api").servers().stream()
                    .map(server -> server.config().name() + " " + server.state()).collect(Collectors.joining(", ")));
            assertEquals("HTTP/1.1 200 OK", get(sluice, 15));
        }
    }

    /** Such as an agent that knows a database's role: it speaks neither TLS nor the PROXY protocol for that. */
    @Test
    void asksAPortOfAHealthChecksOwnWithoutTls() throws Exception {
        try (NamedServer served = NamedServer.start("served", ShippedTls.showing("api").over(Conversation.ANSWER_OK));
             NamedServer agent = NamedServer.start("agent", Conversation.ANSWER_OK);
             Sluice sluice = launch("listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: api }]\n"
                     + "pools: { api: { servers: " + NamedServer.entries(served) + ", tls: " + pool()
                     + ", health-check: { type: http, port: " + agent.port() + ", timeout: 10s } } }\n")) {
            assertEquals("HTTP/1.1 200 OK", get(sluice, 15));
        }
    }

    @Test
    void sendsNothingToAServerThatIsNotWhoItShouldBe() throws Exception {
        try (NamedServer wrong = NamedServer.start("wrong", ShippedTls.showing("db").over(Conversation.ANSWER_OK));
             Sluice sluice = launch("listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: api }]\n"
                     + "pools: { api: { servers: " + NamedServer.entries(wrong) + ", tls: " + pool() + " } }\n")) {
            assertEquals("HTTP/1.1 502", get(sluice, 12));
        }
    }

    @Test
    void showsANewCertificateWithoutAReloadAndKeepsConnectionsOpen() throws Exception {
        put("shop-ec");
        try (NamedServer server = NamedServer.start("s"); Sluice sluice = launch("listeners: [{ name: in, "
                + "bind: 127.0.0.1:0, protocol: tcp, pool: p, tls: " + OWN + " }]\n"
                + "pools: { p: { servers: " + NamedServer.entries(server) + " } }\n");
             SSLSocket earlier = connect(sluice)) {
            assertEquals("CN=shop.example.com", subject(earlier));
            put("db");
            await().untilAsserted(() -> {
                try (SSLSocket later = connect(sluice)) {
                    assertEquals("CN=db.example.com", subject(later));
                }
            });
            earlier.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("s hello\n", new String(earlier.getInputStream().readNBytes(8), StandardCharsets.US_ASCII));
            assertTrue(sluice.control().certificates().getFirst().subject().contains("db.example.com"));
        }
    }

    @Test
    void staysWithItsCertificateWhenTheNewOneIsBrokenAndSaysSo() throws Exception {
        put("shop-ec");
        try (NamedServer server = NamedServer.start("s"); Sluice sluice = launch("listeners: [{ name: in, "
                + "bind: 127.0.0.1:0, protocol: tcp, pool: p, tls: " + OWN + " }]\n"
                + "pools: { p: { servers: " + NamedServer.entries(server) + " } }\n")) {
            assertFalse(sluice.control().certificates().getFirst().outlived());
            Files.writeString(directory.resolve("own.pem"), "broken");
            await().until(() -> sluice.control().certificates().getFirst().outlived());
            try (SSLSocket later = connect(sluice)) {
                assertEquals("CN=shop.example.com", subject(later));
            }
        }
    }

    /** Three are free, and each of the others has to wait for a 20th of a second. */
    @ParameterizedTest
    @ValueSource(strings = {"off", "tls"})
    void letsEveryoneInButNotAtATime(String inspect) throws Exception {
        put("shop-ec");
        try (NamedServer server = NamedServer.start("s"); Sluice sluice = launch("listeners: [{ name: in, "
                + "bind: 127.0.0.1:0, protocol: tcp, pool: p, inspect: " + inspect + ", tls: "
                + OWN.replace(" }]", " }], handshakes-per-second: 20")
                + " }]\npools: { p: { servers: " + NamedServer.entries(server) + " } }\n")) {
            long startNs = System.nanoTime();
            for (int client = 0; client < 10; client++) {
                connect(sluice).close();
            }
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            assertTrue(tookMs >= 300, () -> tookMs + " ms");
        }
    }

    @Test
    void answersPlainHttpOnATlsPort() throws Exception {
        put("db");
        try (NamedServer server = NamedServer.start("s", Conversation.ANSWER_OK);
             Sluice sluice = launch("listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: p, tls: " + OWN
                + " }]\npools: { p: { servers: " + NamedServer.entries(server) + " } }\n")) {
            String answer = get(sluice, 120);
            assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("HTTPS"), answer);
        }
    }

    /** What has yet to leave is cut in the middle of a record, which must not look like an orderly end of TCP. */
    @Test
    void resetsAtTheEndOfADrainAClosedConnectionThatHasNotTakenItsLastBytes() throws Exception {
        put("shop-ec");
        CompletableFuture<Worker> worker = new CompletableFuture<>();
        try (NamedServer server = NamedServer.start("s", (_, peer) -> endWhenTheClientIsFull(peer, worker.join()));
             Socket socket = new Socket()) {
            try (Sluice sluice = launch("workers: 1\n"
                    + "listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: p, tls: " + OWN + " }]\n"
                    + "pools: { p: { servers: " + NamedServer.entries(server) + " } }\n")) {
                worker.complete(sluice.workers().getFirst());
                socket.connect(InProcess.address(sluice));
                SSLSocket client = ShippedTls.anonymous().over(socket, "shop.example.com");
                client.startHandshake();
                client.shutdownOutput();
                await().until(() -> worker.join().connections() == 0 && worker.join().closing() == 1);
                assertFalse(sluice.drain(Duration.ZERO));
            }
            assertTrue(TestClient.on(socket).awaitEndByReset());
            assertEquals(0, worker.join().closing());
        }
    }

    private static void endWhenTheClientIsFull(Socket peer, Worker worker) throws IOException {
        do {
            peer.getOutputStream().write(new byte[16 * 1024]);
        } while (keptAtCyclesEnd(worker) == 0);
        peer.shutdownOutput();
        peer.getInputStream().read();
    }

    /** By then, the worker has read all that has come. */
    private static int keptAtCyclesEnd(Worker worker) {
        CompletableFuture<Integer> kept = new CompletableFuture<>();
        worker.loop().mailbox().post(() ->
                worker.loop().defer(() -> kept.complete(worker.tlsBuffers().inUse())));
        return kept.join();
    }

    private static String pool() {
        return "{ server-name: api.internal, ca: " + ShippedTls.CERTIFICATES.resolve("test-ca.pem").toAbsolutePath()
                + ", client-certificate: { chain: " + ShippedTls.CERTIFICATES.resolve("me.pem").toAbsolutePath()
                + ", key: " + ShippedTls.CERTIFICATES.resolve("me.key").toAbsolutePath() + " } }";
    }

    /** The key first, so that the keeper sees both change at once only if it waits for them to be at rest. */
    private void put(String name) throws IOException {
        for (String ending : Stream.of(".key", ".pem").toList()) {
            Path next = Files.copy(ShippedTls.CERTIFICATES.resolve(name + ending), directory.resolve("next"));
            Files.move(next, directory.resolve("own" + ending), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private Sluice launch(String yaml) throws Exception {
        return InProcess.launch(yaml, directory);
    }

    private static SSLSocket connect(Sluice sluice) throws Exception {
        SSLSocket socket = ShippedTls.anonymous().connect(InProcess.address(sluice), "shop.example.com");
        socket.startHandshake();
        return socket;
    }

    private static String subject(SSLSocket socket) throws IOException {
        return socket.getSession().getPeerPrincipal().getName();
    }

    /** The first bytes of the answer. */
    private static String get(Sluice sluice, int bytes) throws IOException {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.socket().getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(client.socket().getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
        }
    }
}
