package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each connection leaves one record when it ends, which says who, where, how much and why. */
class SessionLogTest {

    private static final Pattern TEXT = Pattern.compile(
            "127\\.0\\.0\\.\\d+:\\d+ \\[\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z] in (?<server>\\S+) "
                    + "(?<queue>-?\\d+)/(?<connect>-?\\d+)/(?<total>\\d+) (?<up>\\d+)/(?<down>\\d+) (?<cause>\\S\\S) "
                    + "(?<retries>\\d+)(?<refusal> refusal=\\S+)?");

    @TempDir
    private Path directory;
    private NamedServer server;

    @BeforeEach
    void start() throws Exception {
        server = NamedServer.start("server");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void tellsServerTimesAndBytesOfAnOrderlyEnd() throws Exception {
        try (Sluice sluice = launch(""); TestClient client = client(sluice)) {
            assertEquals("server hello", client.ask("hello"));
            client.leave();
            Matcher record = TEXT.matcher(onlyLine());
            assertTrue(record.matches());
            assertEquals("pool/server", record.group("server"));
            assertEquals("6", record.group("up"));
            assertEquals("13", record.group("down"));
            assertEquals("--", record.group("cause"));
            assertEquals("0", record.group("queue"));
            assertEquals("0", record.group("retries"));
        }
    }

    @Test
    void writesTheSameAsJson() throws Exception {
        try (Sluice sluice = launch("", "json"); TestClient client = client(sluice)) {
            assertEquals("server hello", client.ask("hello"));
            String address = "127.0.0.1:" + client.socket().getLocalPort();
            client.leave();
            String seconds = "\\d+\\.\\d+(E-\\d+)?";
            assertTrue(onlyLine().matches(Pattern.quote("{\"start\":\"") + "[^\"]+Z" + Pattern.quote("\",\"listener\":"
                    + "\"in\",\"client\":\"" + address + "\",\"pool\":\"pool\",\"server\":\"server\",")
                    + "\"queue_seconds\":" + seconds + ",\"connect_seconds\":" + seconds + ",\"total_seconds\":"
                    + seconds + Pattern.quote(",\"client_bytes\":6,\"server_bytes\":13,\"termination\":\"--\","
                    + "\"retries\":0}")), this::onlyLine);
        }
    }

    @Test
    void leavesOutOfJsonWhatNeverCameToBe() throws Exception {
        server.kill();
        try (Sluice sluice = launch("health-check: { type: tcp }", "json"); TestClient client = client(sluice)) {
            assertTrue(client.awaitEndByReset());
            String record = onlyLine();
            assertTrue(!record.contains("\"server\":") && !record.contains("connect_seconds"), record);
            assertTrue(record.contains("\"termination\":\"SC\""), record);
        }
    }

    @Test
    void blamesAClientThatResets() throws Exception {
        try (Sluice sluice = launch(""); TestClient client = client(sluice)) {
            assertEquals("server", client.askForName());
            client.reset();
            assertCause("CD", "pool/server");
        }
    }

    @Test
    void blamesAServerThatResets() throws Exception {
        try (Sluice sluice = launch(""); TestClient client = client(sluice)) {
            assertEquals("server", client.askForName());
            server.kill();
            assertTrue(client.awaitEndByReset());
            assertCause("SD", "pool/server");
        }
    }

    @Test
    void tellsTheServerThatRefusedLastAndTheRetries() throws Exception {
        try (NamedServer other = NamedServer.start("other");
             Sluice sluice = launch("passive: off, retries: 1", "text", server.entry(""), other.entry(""));
             TestClient client = refusedByBoth(sluice, other)) {
            assertTrue(client.awaitEndByReset());
            Matcher record = TEXT.matcher(onlyLine());
            assertTrue(record.matches());
            assertEquals("SC", record.group("cause"));
            assertEquals("1", record.group("retries"));
            assertEquals("-1", record.group("connect"));
        }
    }

    @Test
    void saysThatNoServerWasUp() throws Exception {
        server.kill();
        try (Sluice sluice = launch("health-check: { type: tcp }"); TestClient client = client(sluice)) {
            assertTrue(client.awaitEndByReset());
            assertCause("SC", "pool/<NOSRV>");
        }
    }

    @Test
    void saysThatTheClientIsNotAllowed() throws Exception {
        try (Sluice sluice = launch(""); TestClient client = TestClient.from("127.0.0.66", InProcess.address(sluice))) {
            assertTrue(client.awaitEndByReset());
            assertCause("PR", "pool/<NOSRV>");
            assertTrue(onlyLine().endsWith(" PR 0 refusal=denied"), this::onlyLine);
        }
    }

    @Test
    void blamesASilentServer() throws Exception {
        try (Sluice sluice = launch("timeouts: { server: 20ms }"); TestClient client = client(sluice)) {
            client.awaitEndByReset();
            assertCause("sD", "pool/server");
        }
    }

    @Test
    void blamesASilentClient() throws Exception {
        try (Sluice sluice = launchWithListener("timeouts: { client: 20ms }"); TestClient client = client(sluice)) {
            client.awaitEndByReset();
            assertCause("cD", "pool/server");
        }
    }

    @Test
    void blamesAClientWhoseProxyHeaderDoesNotArrive() throws Exception {
        try (Sluice sluice = launchWithListener(
                "proxy-protocol: { accept: required, trusted: [127.0.0.1], timeout: 500ms }");
             TestClient client = client(sluice)) {
            client.send("PROXY TCP4 203.0.113.7");
            assertTrue(client.awaitEndByReset());
            assertCause("cR", "pool/<NOSRV>");
        }
    }

    @Test
    void blamesAClientThatGoesAwayBeforeItsProxyHeaderIsComplete() throws Exception {
        try (Sluice sluice = launchWithListener("proxy-protocol: { accept: required, trusted: [127.0.0.1] }");
             TestClient client = client(sluice)) {
            client.send("PROXY TCP4 203.0.113.7");
            client.leave();
            assertCause("CR", "pool/<NOSRV>");
        }
    }

    @Test
    void namesTheClientInTheProxyHeader() throws Exception {
        try (Sluice sluice = launchWithListener("proxy-protocol: { accept: required, trusted: [127.0.0.1] }");
             TestClient client = client(sluice)) {
            client.send("PROXY TCP4 203.0.113.7 192.0.2.1 4711 5432\r\n");
            assertEquals("server", client.askForName());
            client.leave();
            assertTrue(onlyLine().startsWith("203.0.113.7:4711 ["), this::onlyLine);
        }
    }

    @Test
    void tellsWhyClientsLeftTheQueue() throws Exception {
        try (Sluice sluice = launch("max-queue: 1, timeouts: { queue: 1s }", "text",
                server.entry("max-connections: 1"));
             TestClient holder = client(sluice)) {
            assertEquals("server", holder.askForName());
            try (TestClient waiting = client(sluice)) {
                await().until(() -> InProcess.queueLength(sluice) == 1);
                try (TestClient surplus = client(sluice)) {
                    assertTrue(surplus.awaitEndByReset());
                }
                assertTrue(waiting.awaitEndByReset());
            }
            await().until(() -> lines().size() == 2);
            try (TestClient impatient = client(sluice)) {
                await().until(() -> InProcess.queueLength(sluice) == 1);
                impatient.leave();
                await().until(() -> lines().size() == 3);
            }
            assertEquals(List.of("PQ", "sQ", "CQ"), causes());
        }
    }

    @Test
    void saysThatTheServerWentDown() throws Exception {
        String poolKeys =
                "health-check: { type: tcp, interval: 30ms, timeout: 10s, fall: 2 }, on-down: close-connections";
        try (Sluice sluice = launch(poolKeys); TestClient client = client(sluice)) {
            assertEquals("server", client.askForName());
            server.stopListening();
            assertTrue(client.awaitEndByReset());
            assertCause("DD", "pool/server");
        }
    }

    @Test
    void saysThatSluiceEndedIt() throws Exception {
        try (TestClient client = clientOfASluiceThatEnds()) {
            assertTrue(client.awaitEndByReset());
            assertCause("KD", "pool/server");
        }
    }

    @Test
    void goesOnInANewFileAfterRotation() throws Exception {
        try (Sluice sluice = launch("")) {
            ask(sluice);
            await().until(() -> lines().size() == 1);
            Path rotated = directory.resolve("sessions.log.1");
            Files.move(log(), rotated);
            sluice.reopenLogs();
            await().until(() -> Files.exists(log()));
            ask(sluice);
            await().until(() -> lines().size() == 1);
            assertEquals(1, Files.readAllLines(rotated).size());
        }
    }

    private Sluice launch(String poolKeys) throws Exception {
        return launch(poolKeys, "text");
    }

    private Sluice launch(String poolKeys, String format) throws Exception {
        return launch(poolKeys, format, server.entry(""));
    }

    private Sluice launch(String poolKeys, String format, String... servers) throws Exception {
        return launchWith("deny: 127.0.0.66", poolKeys, format, servers);
    }

    private Sluice launchWithListener(String listenerKeys) throws Exception {
        return launchWith(listenerKeys, "retries: 0", "text", server.entry(""));
    }

    private Sluice launchWith(String listenerKeys, String poolKeys, String format, String... servers)
            throws Exception {
        return InProcess.launch("""
                workers: 2
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: tcp
                    pool: pool
                    %s
                    session-log: { file: sessions.log, format: %s }
                pools: { pool: { servers: [%s], %s } }
                """.formatted(listenerKeys, format, String.join(", ", servers), poolKeys), directory);
    }

    private static TestClient client(Sluice sluice) throws IOException {
        return TestClient.to(InProcess.address(sluice));
    }

    private TestClient clientOfASluiceThatEnds() throws Exception {
        try (Sluice sluice = launch("")) {
            TestClient client = client(sluice);
            assertEquals("server", client.askForName());
            sluice.drain(Duration.ZERO);
            return client;
        }
    }

    private TestClient refusedByBoth(Sluice sluice, NamedServer other) throws IOException {
        InetSocketAddress address = InProcess.address(sluice);
        server.kill();
        other.kill();
        return TestClient.to(address);
    }

    private static void ask(Sluice sluice) throws IOException {
        try (TestClient client = client(sluice)) {
            assertEquals("server", client.askForName());
        }
    }

    private void assertCause(String cause, String expectedServer) {
        Matcher record = TEXT.matcher(onlyLine());
        assertTrue(record.matches(), this::onlyLine);
        assertEquals(cause, record.group("cause"));
        assertEquals(expectedServer, record.group("server"));
    }

    private List<String> causes() throws IOException {
        return lines().stream().map(line -> line.split(" ")[6]).toList();
    }

    private String onlyLine() {
        await().until(() -> !lines().isEmpty());
        try {
            assertEquals(1, lines().size());
            return lines().getFirst();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> lines() throws IOException {
        return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
    }

    private Path log() {
        return directory.resolve("sessions.log");
    }
}
