package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.ServerState;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import io.sluice.launcher.admin.AdminClients;
import io.sluice.launcher.control.LaunchException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an operator can change by the admin API, while clients are served. */
class AdminApiTest {

    @TempDir
    private Path directory;
    private NamedServer one;
    private NamedServer two;
    private AdminFixture fixture;

    @BeforeEach
    void start() throws Exception {
        one = NamedServer.start("one");
        two = NamedServer.start("two");
        fixture = AdminFixture.launch(config(NamedServer.entries(one, two)), directory);
    }

    @AfterEach
    void stop() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
        one.close();
        two.close();
    }

    private static String config(String servers) {
        return """
                workers: 2
                # Kept in the text.
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: %s } }
                """.formatted(servers);
    }

    private Set<String> served() throws Exception {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            try (TestClient client = TestClient.to(fixture.address("in"))) {
                names.add(client.askForName());
            }
        }
        return names;
    }

    @Test
    void drainsAServerAndLetsItBack() throws Exception {
        try (TestClient client = TestClient.to(fixture.address("in"))) {
            String server = client.askForName();
            fixture.set(server, Map.of("state", "drain"));
            assertEquals(ServerState.DRAINING, InProcess.state(fixture.sluice(), server));
            assertFalse(served().contains(server));
            assertEquals(server, client.askForName());
            fixture.set(server, Map.of("state", "ready"));
            assertEquals(Set.of("one", "two"), served());
        }
    }

    @Test
    void takesAServerOutForMaintenance() throws Exception {
        fixture.set("one", Map.of("state", "maintenance"));
        assertEquals(ServerState.MAINTENANCE, InProcess.state(fixture.sluice(), "one"));
        assertEquals(Set.of("two"), served());
    }

    @Test
    void drainsOneServerAfterTheOtherWhileAReloadWaitsForHealthChecks() throws Exception {
        try (NamedServer silent = NamedServer.start("silent",
                (_, socket) -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()))) {
            String next = Files.readString(fixture.file()).replace("] } }", "] }, other: { servers: ["
                    + silent.entry("") + "], health-check: { type: http, path: /, timeout: 1h } } }");
            Thread.startVirtualThread(new FutureTask<>(() -> fixture.putConfig(next, Optional.of("*"))));
            await().until(() -> silent.accepted() > 0);
            for (String server : List.of("one", "two")) {
                Thread.startVirtualThread(new FutureTask<>(() -> {
                    fixture.set(server, Map.of("state", "drain"));
                    return null;
                }));
                await().until(() -> InProcess.state(fixture.sluice(), server) == ServerState.DRAINING);
            }
        }
    }

    @Test
    void drainsAlsoTheServerThatAReloadPutsInThePlaceOfTheOneDrained() throws Exception {
        CompletableFuture<Void> checked = new CompletableFuture<>();
        try (NamedServer other = NamedServer.start("other", (_, _) -> checked.join())) {
            String next = Files.readString(fixture.file())
                    .replace(one.entry(""), other.entry("").replace("other", "one"))
                    .replace("] } }", "], health-check: { type: http, path: /, timeout: 1h } } }");
            FutureTask<?> reload = new FutureTask<>(() -> fixture.putConfig(next, Optional.of("*")));
            Thread.startVirtualThread(reload);
            await().until(() -> other.accepted() > 0);
            FutureTask<?> drain = new FutureTask<>(() -> {
                fixture.set("one", Map.of("state", "drain"));
                return null;
            });
            Thread.startVirtualThread(drain);
            await().until(() -> InProcess.state(fixture.sluice(), "one") == ServerState.DRAINING);
            checked.complete(null);
            reload.get();
            drain.get();
            JsonNode server = fixture.client().get("/pools/pool/servers/one").json();
            assertEquals("127.0.0.1:" + other.port(), server.get("address").asString());
            assertEquals("drain", server.get("adminState").asString());
        }
    }

    @Test
    void losesNothingWhileServersAreDrainedUnderLoad() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        List<Thread> clients = IntStream.range(0, 8).mapToObj(_ -> Thread.startVirtualThread(() -> {
            while (!over.get()) {
                try (TestClient client = TestClient.to(fixture.address("in"))) {
                    client.askForName();
                    client.askForName();
                    answered.incrementAndGet();
                } catch (Exception e) {
                    failed.incrementAndGet();
                }
            }
        })).toList();
        for (int i = 0; i < 40; i++) {
            String server = i / 2 % 2 == 0 ? "one" : "two";
            fixture.set(server, Map.of("state", i % 2 == 0 ? "drain" : "ready"));
            int seen = answered.get();
            await().until(() -> answered.get() > seen + 5 || failed.get() > 0);
        }
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertEquals(0, failed.get());
    }

    @Test
    void keepsWhatWasSaidOverAReload() throws Exception {
        fixture.set("one", Map.of("state", "drain", "weight", 7));
        Files.writeString(fixture.file(), Files.readString(fixture.file()).replace("workers: 2",
                "workers: 2\ndrain-timeout: 1s"));
        fixture.client().send("POST", "/reload", Map.of());
        assertEquals(ServerState.DRAINING, InProcess.state(fixture.sluice(), "one"));
        assertEquals(7, InProcess.server(fixture.sluice(), "one").weight());
    }

    @Test
    void goesBackToTheConfigurationWhenToldNull() throws Exception {
        fixture.set("one", Map.of("state", "drain", "weight", 7));
        fixture.set("one", Collections.singletonMap("state", null));
        assertEquals(ServerState.UP, InProcess.state(fixture.sluice(), "one"));
        assertEquals(7, InProcess.server(fixture.sluice(), "one").weight());
        fixture.set("one", Collections.singletonMap("weight", null));
        assertEquals(1, InProcess.server(fixture.sluice(), "one").weight());
    }

    @Test
    void keepsWhatWasSaidOverARestartInAStateFile() throws Exception {
        Files.writeString(fixture.file(), "state-file: state.json\n" + Files.readString(fixture.file()));
        fixture.close();
        fixture = AdminFixture.launch(fixture.file());
        fixture.set("one", Map.of("state", "maintenance"));
        fixture.set("two", Map.of("weight", 9));
        fixture.close();
        fixture = AdminFixture.launch(fixture.file());
        assertEquals(ServerState.MAINTENANCE, InProcess.state(fixture.sluice(), "one"));
        assertEquals(9, InProcess.server(fixture.sluice(), "two").weight());
    }

    @Test
    void keepsWhatWasSaidWhileItDrained() throws Exception {
        Files.writeString(fixture.file(), "state-file: state.json\n" + Files.readString(fixture.file()));
        fixture.close();
        fixture = AdminFixture.launch(fixture.file());
        try (TestClient client = TestClient.to(fixture.address("in"))) {
            client.askForName();
            fixture.sluice().control().stopAccepting(Duration.ZERO);
            fixture.set("one", Map.of("state", "maintenance"));
        }
        fixture.close();
        fixture = AdminFixture.launch(fixture.file());
        assertEquals(ServerState.MAINTENANCE, InProcess.state(fixture.sluice(), "one"));
    }

    @Test
    void saysOnceThatTheStateFileCannotBeWrittenAndLeavesNothingBehind() throws Exception {
        Path states = directory.resolve("state.json");
        Files.writeString(fixture.file(), "state-file: state.json\n" + Files.readString(fixture.file()));
        fixture.close();
        fixture = AdminFixture.launch(fixture.file());
        Files.createDirectory(states);
        fixture.set("one", Map.of("weight", 7));
        fixture.set("one", Map.of("weight", 8));
        assertFalse(Files.exists(directory.resolve("state.json.new")));
        assertEquals(1, eventsThatContain("state.json cannot be written"));
        assertEquals(1, eventsThatContain("until it can: Is a directory"));
        Files.delete(states);
        fixture.set("one", Map.of("weight", 9));
        assertEquals(1, eventsThatContain("state.json is written again"));
        assertTrue(Files.readString(states).contains("9"));
    }

    private long eventsThatContain(String text) throws Exception {
        return fixture.client().get("/status").json().get("events").valueStream()
                .filter(event -> event.get("text").asString().contains(text)).count();
    }

    @Test
    void catchesUpWithWhatAnotherProcessHasWrittenIntoTheStateFile() throws Exception {
        Path states = directory.resolve("state.json");
        Files.writeString(fixture.file(), "state-file: state.json\n" + Files.readString(fixture.file()));
        fixture.close();
        fixture = AdminFixture.launch(fixture.file());
        fixture.set("one", Map.of("state", "maintenance"));
        Files.writeString(states, Files.readString(states).replace("pool/one", "pool/two"));
        fixture.sluice().control().directing().catchUp();
        assertEquals(ServerState.UP, InProcess.state(fixture.sluice(), "one"));
        assertEquals(ServerState.MAINTENANCE, InProcess.state(fixture.sluice(), "two"));
        assertTrue(Files.readString(states).contains("pool/two"));
    }

    @Test
    void forgetsWhatWasSaidOfAServerThatLeaves() throws Exception {
        fixture.set("one", Map.of("state", "drain"));
        fixture.client().send("DELETE", "/pools/pool/servers/one", Map.of());
        fixture.client().send("POST", "/pools/pool/servers", Map.of("name", "one", "address",
                "127.0.0.1:" + one.port()));
        assertEquals(ServerState.UP, InProcess.state(fixture.sluice(), "one"));
    }

    @Test
    void refusesAStateThatThereIsNot() throws Exception {
        assertTrue(AdminFixture.refusal(() -> fixture.set("one", Map.of("state", "gone"))).contains("drain"));
        assertTrue(AdminFixture.refusal(() -> fixture.set("one", Map.of("weight", 257))).contains("256"));
        assertTrue(AdminFixture.refusal(() -> fixture.set("one", Map.of("wait", 1))).contains("wait"));
        assertTrue(AdminFixture.refusal(() -> fixture.set("three", Map.of("weight", 1))).contains("three"));
        assertEquals(ServerState.UP, InProcess.state(fixture.sluice(), "one"));
    }

    @Test
    void addsAndRemovesAServer() throws Exception {
        try (NamedServer three = NamedServer.start("three")) {
            fixture.client().send("POST", "/pools/pool/servers", Map.of("name", "three", "address",
                    "127.0.0.1:" + three.port()));
            assertEquals(Set.of("one", "three", "two"), served());
            fixture.client().send("DELETE", "/pools/pool/servers/one", Map.of());
            assertEquals(Set.of("three", "two"), served());
        }
    }

    @Test
    void addsAndRemovesAPoolWithAListener() throws Exception {
        String before = Files.readString(fixture.file());
        fixture.client().send("POST", "/pools", Map.of("name", "more", "servers",
                List.of(Map.of("name", "two", "address", "127.0.0.1:" + two.port()))));
        fixture.client().send("POST", "/listeners", Map.of("name", "second", "bind", "127.0.0.1:0", "protocol", "tcp",
                "pool", "more"));
        try (TestClient client = TestClient.to(fixture.address("second"))) {
            assertEquals("two", client.askForName());
        }
        assertTrue(AdminFixture.refusal(() -> fixture.client().send("DELETE", "/pools/more", Map.of()))
                .contains("\"more\""));
        InetSocketAddress address = fixture.address("second");
        fixture.client().send("DELETE", "/listeners/second", Map.of());
        assertThrows(ConnectException.class, () -> TestClient.to(address).close());
        fixture.client().send("DELETE", "/pools/more", Map.of());
        assertEquals(before, Files.readString(fixture.file()), "the operator's file is left alone");
        assertEquals(Set.of("one", "two"), served());
    }

    @Test
    void refusesWhatIsNotAValidPart() throws Exception {
        String refusal = AdminFixture.refusal(() -> fixture.client().send("POST", "/pools/pool/servers",
                Map.of("name", "three", "adress", "127.0.0.1:1")));
        assertTrue(refusal.contains("unknown key \"adress\""), refusal);
        assertTrue(AdminFixture.refusal(() -> fixture.client().send("DELETE", "/pools/pool/servers/three", Map.of()))
                .contains("no server of pool pool is named three"));
        assertEquals(1, fixture.sluice().control().generations().size());
    }

    @Test
    void showsTheTextInForceWithoutItsSecrets() throws Exception {
        String secret = config(NamedServer.entries(one, two))
                .replace("] } }", "], sticky: { cookie: c, secret: hush } } }");
        fixture.putConfig(withAdmin(secret), Optional.empty());
        String shown = fixture.client().get("/config").body();
        assertTrue(shown.contains("# Kept in the text."), shown);
        assertTrue(shown.contains("secret: \"***\""), shown);
        assertTrue(fixture.client().get("/config?secrets=true").body().contains("secret: hush"));
        assertTrue(fixture.client().get("/config?defaults=true").body().contains("drain-timeout: 30s"));
        assertTrue(AdminFixture.refusal(() -> fixture.putConfig(shown, Optional.empty())).contains("***"));
    }

    private static String withAdmin(String yaml) {
        return "admin: { bind: 127.0.0.1:0 }\n" + yaml;
    }

    @Test
    void swapsTheConfigurationOnlyInTheVersionThatTheOperatorHasSeen() throws Exception {
        Optional<String> seen = fixture.client().get("/config").etag();
        String other = withAdmin(config(NamedServer.entries(two)));
        fixture.set("one", Map.of("weight", 2));
        String refusal = AdminFixture.refusal(() -> fixture.putConfig(other, seen));
        assertTrue(refusal.contains("someone else"), refusal);
        fixture.putConfig(other, fixture.client().get("/config").etag());
        assertEquals(Set.of("two"), served());
    }

    @Test
    void savesTheConfigurationOnlyWhenAsked() throws Exception {
        String before = Files.readString(fixture.file());
        String other = withAdmin(config(NamedServer.entries(two)));
        fixture.putConfig(other, Optional.empty());
        assertEquals(before, Files.readString(fixture.file()));
        fixture.client().send("PUT", "/config?save=true", "application/yaml", other, Optional.empty());
        assertEquals(other, Files.readString(fixture.file()));
        assertEquals(before, Files.readString(directory.resolve("sluice.yaml.before")));
    }

    @Test
    void saysThatTheConfigurationIsInForceButNotSaved() throws Exception {
        String before = Files.readString(fixture.file());
        Files.createDirectories(directory.resolve("sluice.yaml.before/obstacle"));
        String other = withAdmin(config(NamedServer.entries(two)));
        try (Stream<String> lines = AdminClients.events(fixture.sluice().admin().orElseThrow())) {
            String refusal = AdminFixture.refusal(() -> fixture.client().send("PUT", "/config?save=true",
                    "application/yaml", other, Optional.empty()));
            assertTrue(refusal.contains("the configuration is in force, but the file is as it was"), refusal);
            List<String> audit = lines.filter(line -> line.contains("audit: ")).limit(2).toList();
            assertTrue(audit.getFirst().contains("replaces the configuration: generation 1 -> 2: "), audit::toString);
            assertTrue(audit.getLast().contains("was refused: writes the configuration into " + fixture.file() + ": "),
                    audit::toString);
        }
        assertEquals(before, Files.readString(fixture.file()));
        assertEquals(Set.of("two"), served());
    }

    @Test
    void keepsTheOldConfigurationWhenTheNewOneIsBad() throws Exception {
        String bad = withAdmin(config(NamedServer.entries(one)).replace("workers: 2", "wrokers: 2"));
        String refusal = AdminFixture.refusal(() -> fixture.putConfig(bad, Optional.empty()));
        assertTrue(refusal.contains("configuration:2:1: unknown key \"wrokers\""), refusal);
        assertEquals(Set.of("one", "two"), served());
        JsonNode verdict = fixture.client().send("POST", "/config/validate", "application/yaml", bad, Optional.empty())
                .json();
        assertFalse(verdict.get("valid").asBoolean());
        assertEquals(2, verdict.get("errors").get(0).get("line").asInt());
    }

    @Test
    void tellsWhatAConfigurationWouldChange() throws Exception {
        String other = withAdmin(config(NamedServer.entries(two)));
        List<String> lines = fixture.client().send("POST", "/config/diff", "application/yaml", other, Optional.empty())
                .json().get("lines").valueStream().map(JsonNode::asString).toList();
        assertEquals(List.of("pool pool:", "  server one removed"), lines);
        assertEquals(1, fixture.sluice().control().generations().size());
    }

    @Test
    void rollsBackToAnEarlierGeneration() throws Exception {
        fixture.putConfig(withAdmin(config(NamedServer.entries(two))), Optional.empty());
        fixture.client().send("POST", "/generations/1/rollback", Map.of());
        assertEquals(Set.of("one", "two"), served());
        List<JsonNode> generations = fixture.client().get("/generations").json().valueStream().toList();
        assertEquals(3, generations.size());
        assertTrue(generations.getLast().get("inForce").asBoolean());
        assertTrue(fixture.client().get("/config").body().contains("# Kept in the text."));
        assertThrows(RefusedException.class, () -> fixture.client().send("POST", "/generations/99/rollback", Map.of()));
    }

    @Test
    void listsSessionsAndEndsOne() throws Exception {
        try (TestClient stays = TestClient.from("127.0.0.5", fixture.address("in"));
             TestClient goes = TestClient.from("127.0.0.6", fixture.address("in"))) {
            String server = stays.askForName();
            goes.askForName();
            assertEquals(2, sessions("").size());
            JsonNode session = sessions("?listener=in&client=127.0.0.5").getFirst();
            assertEquals(server, session.get("server").asString());
            assertEquals("relaying", session.get("phase").asString());
            assertEquals(6, session.get("clientBytes").asLong());
            assertEquals(1, sessions("?server=pool/" + server).size());
            assertTrue(fixture.client().get("/sessions?limit=1").json().get("truncated").asBoolean());
            String other = sessions("?client=127.0.0.6").getFirst().get("id").asString();
            fixture.client().send("DELETE", "/sessions/" + other, Map.of());
            assertTrue(goes.awaitEndByReset());
            assertEquals(server, stays.askForName());
            assertThrows(RefusedException.class, () -> fixture.client().send("DELETE", "/sessions/" + other, Map.of()));
        }
    }

    @Test
    void listsIdleHttpConnections() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("web")) {
            fixture.client().send("POST", "/pools", Map.of("name", "web", "servers",
                    List.of(Map.of("name", "web", "address", "127.0.0.1:" + origin.server().port()))));
            fixture.client().send("POST", "/listeners", Map.of("name", "web", "bind", "127.0.0.1:0", "protocol",
                    "http", "pool", "web", "access-log", "off"));
            try (HttpPeer client = HttpPeer.to(fixture.address("web"))) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                client.response();
                await().untilAsserted(() ->
                        assertEquals("idle", sessions("?listener=web").getFirst().get("phase").asString()));
                JsonNode session = sessions("?listener=web").getFirst();
                assertEquals(1, session.get("requests").asInt());
                assertTrue(session.get("clientBytes").isNull());
            }
        }
    }

    @Test
    void showsTheStatusWholeAndInParts() throws Exception {
        assertEquals(Set.of("one", "two"), served());
        JsonNode status = fixture.client().get("/status").json();
        assertEquals("serving", status.get("state").asString());
        JsonNode pool = fixture.client().get("/pools/pool").json();
        assertEquals(List.of("one", "two"), pool.get("servers").valueStream()
                .map(server -> server.get("name").asString()).toList());
        assertEquals(6, fixture.client().get("/listeners/in").json().at("/connections/total").asInt());
        fixture.set("one", Map.of("state", "drain", "weight", 3));
        await().untilAsserted(() -> {
            JsonNode server = fixture.client().get("/pools/pool/servers/one").json();
            assertEquals("draining", server.get("state").asString());
            assertEquals("drain", server.get("adminState").asString());
            assertEquals(3, server.get("weight").asInt());
        });
        assertThrows(RefusedException.class, () -> fixture.client().get("/pools/none"));
    }

    @Test
    void streamsTheStatusAndTheLog() throws Exception {
        try (Stream<String> lines = AdminClients.events(fixture.sluice().admin().orElseThrow())) {
            Iterator<String> stream = lines.iterator();
            assertEquals("event: status", stream.next());
            assertTrue(stream.next().startsWith("data: {\"version\""));
            fixture.set("one", Map.of("weight", 5));
            String event = stream.next();
            while (!event.contains("audit: 127.0.0.1 sets server pool/one: ready weight 1 -> ready weight 5")) {
                event = stream.next();
            }
        }
    }

    /** More often than there may be streams at a time. */
    @Test
    void keepsNoStreamForWhoAsksForItsHead() throws Exception {
        String token = Files.readString(directory.resolve("admin.token")).strip();
        for (int i = 0; i < 40; i++) {
            try (HttpPeer peer = HttpPeer.to(fixture.sluice().admin().orElseThrow().address())) {
                peer.send("HEAD /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                        + "\r\n\r\n");
                assertEquals(200, peer.responseWithoutBody().status(), "after " + i);
            }
        }
    }

    @Test
    void doesNotStartWithAStateFileThatItDidNotWrite() throws Exception {
        Path state = Files.writeString(directory.resolve("state.json"), "{");
        Files.writeString(fixture.file(), "state-file: state.json\n" + Files.readString(fixture.file()));
        fixture.close();
        LaunchException refusal = assertThrows(LaunchException.class, () -> AdminFixture.launch(fixture.file()));
        assertEquals("state-file: " + state + " is not what Sluice writes there\n"
                + "    remove it to start with what the configuration says of each server", refusal.getMessage());
        fixture = AdminFixture.launch(Files.writeString(fixture.file(),
                Files.readString(fixture.file()).replace("state-file: state.json\n", "")));
    }

    @Test
    void letsNobodyWriteLinesOfTheLog() throws Exception {
        try (Stream<String> lines = AdminClients.events(fixture.sluice().admin().orElseThrow())) {
            Map<String, ?> forged = Map.of("name", "x\nINFO  audit: 10.0.0.1 sets it", "servers", List.of());
            assertThrows(RefusedException.class, () -> fixture.client().send("POST", "/pools", forged));
            Iterator<String> stream = lines.iterator();
            String event = stream.next();
            while (!event.contains("was refused: adds pool")) {
                event = stream.next();
            }
            assertTrue(event.contains("adds pool x?INFO  audit: 10.0.0.1 sets it: "), event);
        }
    }

    @Test
    void refusesAConfigurationThatIsNotUtf8() throws Exception {
        try (HttpPeer peer = HttpPeer.to(fixture.sluice().admin().orElseThrow().address())) {
            peer.send("POST /api/v1/config/validate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + Files.readString(directory.resolve("admin.token")).strip()
                    + "\r\nContent-Type: application/yaml\r\nContent-Length: 4\r\n\r\n# \u00fc\n");
            var response = peer.response();
            assertEquals(400, response.status());
            assertTrue(response.body().contains("not UTF-8"), response::body);
        }
    }

    @Test
    void warnsOfATokenThatEveryUserCanRead() throws Exception {
        assertFalse(fixture.client().get("/status").body().contains("every user of this host"));
        fixture.close();
        Files.setPosixFilePermissions(directory.resolve("admin.token"), PosixFilePermissions.fromString("rw-r--r--"));
        fixture = AdminFixture.launch(fixture.file());
        await().until(() -> fixture.client().get("/status").body().contains("every user of this host"));
    }

    @Test
    void servesMetricsWithoutTheToken() throws Exception {
        try (HttpPeer peer = HttpPeer.to(fixture.sluice().admin().orElseThrow().address())) {
            peer.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertTrue(peer.response().body().contains("sluice_connections "));
        }
    }

    @Test
    void tellsHowOldTheMetricsAre() throws Exception {
        try (HttpPeer peer = HttpPeer.to(fixture.sluice().admin().orElseThrow().address())) {
            peer.send("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
            HttpMessage head = peer.responseWithoutBody();
            assertEquals(List.of("0", "gzip", "Accept, Accept-Encoding"),
                    List.of(head.field("Age"), head.field("Content-Encoding"), head.field("Vary")));
        }
    }

    @Test
    void isNotReadyWhileItDrains() throws Exception {
        assertEquals(List.of(200, 200), probes());
        try (TestClient client = TestClient.to(fixture.address("in"))) {
            client.askForName();
            fixture.sluice().control().stopAccepting(Duration.ZERO);
            assertEquals(List.of(200, 503), probes());
            assertTrue(AdminFixture.refusal(() -> fixture.putConfig(withAdmin(config("[]")), Optional.empty()))
                    .length() > 0);
        }
    }

    private List<Integer> probes() throws Exception {
        return Arrays.asList(probe("/livez"), probe("/readyz"));
    }

    private int probe(String path) throws Exception {
        try (HttpPeer peer = HttpPeer.to(fixture.sluice().admin().orElseThrow().address())) {
            peer.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return peer.response().status();
        }
    }

    private List<JsonNode> sessions(String query) throws Exception {
        return fixture.client().get("/sessions" + query).json().get("sessions").valueStream().toList();
    }
}
