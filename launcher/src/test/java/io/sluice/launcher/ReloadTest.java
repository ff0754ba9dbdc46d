package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerState;
import io.sluice.core.stats.Counter;
import io.sluice.launcher.control.Generation;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reload changes, and what it leaves alone. */
class ReloadTest {

    @TempDir
    private Path directory;
    private NamedServer one;
    private NamedServer two;
    private HttpOrigin red;
    private HttpOrigin blue;
    private ReloadFixture fixture;

    @BeforeEach
    void startServers() throws Exception {
        one = NamedServer.start("one");
        two = NamedServer.start("two");
        red = HttpOrigin.start("red");
        blue = HttpOrigin.start("blue");
    }

    @AfterEach
    void stop() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
        one.close();
        two.close();
        red.close();
        blue.close();
    }

    // ---- listeners ----

    @Test
    void servesTheNextRequestOfAKeptConnectionByTheNewRoutes() throws Exception {
        fixture = ReloadFixture.launch(http("routes: [{ pool: red }]"));
        try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
            assertEquals("red /", client.get("/").body());
            fixture.reload(http("routes: [{ match: { path: /b/** }, pool: blue }, { pool: red }]"));
            assertEquals("blue /b/", client.get("/b/").body());
            assertEquals("red /", client.get("/").body());
            fixture.reload(http("routes: [{ respond: { body: gone, status: 410 } }]"));
            assertEquals(410, client.get("/").status());
        }
    }

    @Test
    void keepsWhatRateLimitsHaveCountedUntilTheyChange() throws Exception {
        String limited = "routes: [{ name: a, pool: red, rate-limit: { requests: 1/h, burst: 2 } }]";
        fixture = ReloadFixture.launch(http(limited));
        try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
            assertEquals(200, client.get("/").status());
            assertEquals(200, client.get("/").status());
            fixture.reload(http(limited.replace("red", "blue") + ", max-connections: 100"));
            assertEquals(429, client.get("/").status());
            fixture.reload(http("routes: [{ pool: blue, match: { path: /b } }, " + limited.substring(9)));
            assertEquals(429, client.get("/").status());
            fixture.reload(http(limited.replace("burst: 2", "burst: 3")));
            assertEquals(200, client.get("/").status());
            fixture.reload(http(limited));
            assertEquals(200, client.get("/").status());
        }
    }

    @Test
    void keepsHowOftenClientsHaveConnected() throws Exception {
        String limit = ", rate-limit: { connections: 1/h, burst: 2 }";
        fixture = ReloadFixture.launch(http("routes: [{ pool: red }]" + limit));
        try (HttpPeer first = HttpPeer.to(fixture.address("in"))) {
            assertEquals("red /", first.get("/").body());
            fixture.reload(http("routes: [{ pool: blue }]" + limit));
            try (HttpPeer second = HttpPeer.to(fixture.address("in"))) {
                assertEquals("blue /", second.get("/").body());
            }
            try (TestClient third = TestClient.to(fixture.address("in"))) {
                assertTrue(third.awaitEndByReset());
            }
        }
    }

    @Test
    void finishesARequestAsItBegan() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (HttpOrigin slow = HttpOrigin.start("slow", (_, peer, _) -> {
            Latches.await(mayAnswer);
            peer.send(HttpOrigin.ok("late"));
        })) {
            fixture = ReloadFixture.launch(http("routes: [{ pool: slow }]")
                    + "  slow: { servers: " + HttpOrigin.entries(slow) + " }\n");
            try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
                client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                slow.nextRequest();
                fixture.reload(http("routes: [{ pool: red }]"));
                mayAnswer.countDown();
                assertEquals("late", client.response().body());
                assertEquals("red /", client.get("/").body());
            }
        }
    }

    @Test
    void leavesTcpSessionsWithTheirServerAndSendsNewOnesToTheNewPool() throws Exception {
        fixture = ReloadFixture.launch(tcp("first"));
        InetSocketAddress address = fixture.address("in");
        try (TestClient before = TestClient.to(address)) {
            assertEquals("one", before.askForName());
            fixture.reload(tcp("second"));
            assertEquals(address, fixture.address("in"));
            try (TestClient after = TestClient.to(address)) {
                assertEquals("two", after.askForName());
            }
            assertEquals("one still", before.ask("still"));
        }
    }

    @Test
    void bindsAddedListenersAndClosesRemovedOnes() throws Exception {
        fixture = ReloadFixture.launch(tcp("first"));
        InetSocketAddress removed = fixture.address("in");
        try (TestClient session = TestClient.to(removed)) {
            assertEquals("one", session.askForName());
            fixture.reload(tcp("first").replace("name: in", "name: other"));
            assertThrows(ConnectException.class, () -> TestClient.to(removed));
            try (TestClient client = TestClient.to(fixture.address("other"))) {
                assertEquals("one", client.askForName());
            }
            assertEquals("one on", session.ask("on"));
        }
        await().until(() -> fixture.sluice().connections() == 0);
    }

    @Test
    void closesIdleHttpConnectionsOfARemovedListener() throws Exception {
        fixture = ReloadFixture.launch(http("routes: [{ pool: red }]"));
        try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
            client.get("/");
            fixture.reload(http("routes: [{ pool: red }]").replace("name: in", "name: other"));
            assertEquals("", client.rest());
        }
    }

    @Test
    void servesTheFirstRequestOfAConnectionThatARemovedListenerHasAccepted() throws Exception {
        fixture = ReloadFixture.launch(http("routes: [{ pool: red }]"));
        try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
            await().until(() -> fixture.sluice().connections() == 1);
            fixture.reload(http("routes: [{ pool: red }]").replace("name: in", "name: other"));
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            HttpMessage response = client.response();
            assertEquals("red /", response.body());
            assertEquals("close", response.field("Connection"));
            assertEquals("", client.rest());
        }
    }

    @Test
    void closesAConnectionOfARemovedListenerAfterTheExchangeInHand() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (HttpOrigin slow = HttpOrigin.start("slow", (_, peer, _) -> {
            Latches.await(mayAnswer);
            peer.send(HttpOrigin.ok("late"));
        })) {
            String pools = "  slow: { servers: " + HttpOrigin.entries(slow) + " }\n";
            fixture = ReloadFixture.launch(http("routes: [{ pool: slow }]") + pools);
            try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
                client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                slow.nextRequest();
                fixture.reload(http("routes: [{ pool: red }]").replace("name: in", "name: other"));
                mayAnswer.countDown();
                HttpMessage response = client.response();
                assertEquals("late", response.body());
                assertEquals("close", response.field("Connection"));
                assertEquals("", client.rest());
            }
        }
    }

    @Test
    void keepsTheSocketOfAListenerThatIsRenamedOrSpeaksAnotherProtocol() throws Exception {
        int port = LoopbackPorts.free();
        String bound = "127.0.0.1:" + port;
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        fixture = ReloadFixture.launch(tcp("first").replace("127.0.0.1:0", bound));
        fixture.reload(tcp("second").replace("127.0.0.1:0", bound).replace("name: in", "name: renamed"));
        try (TestClient client = TestClient.to(address)) {
            assertEquals("two", client.askForName());
        }
        fixture.reload(http("routes: [{ pool: red }]").replace("127.0.0.1:0", bound)
                .replace("name: in", "name: renamed"));
        try (HttpPeer client = HttpPeer.to(address)) {
            assertEquals("red /", client.get("/").body());
        }
    }

    @Test
    void movesFromOneAddressToAllAddressesOfTheSamePort() throws Exception {
        int port = LoopbackPorts.free();
        fixture = ReloadFixture.launch(tcp("first").replace("127.0.0.1:0", "127.0.0.1:" + port));
        fixture.reload(tcp("first").replace("127.0.0.1:0", "0.0.0.0:" + port));
        try (TestClient client = TestClient.to(new InetSocketAddress("127.0.0.2", port))) {
            assertEquals("one", client.askForName());
        }
        fixture.reload(tcp("first").replace("127.0.0.1:0", "127.0.0.1:" + port));
        assertThrows(ConnectException.class, () -> TestClient.to(new InetSocketAddress("127.0.0.2", port)));
    }

    @Test
    void appliesAnotherBoundOnConnections() throws Exception {
        fixture = ReloadFixture.launch(tcp("first").replace("protocol: tcp", "protocol: tcp, max-connections: 1"));
        try (TestClient first = TestClient.to(fixture.address("in"))) {
            assertEquals("one", first.askForName());
            try (TestClient second = TestClient.to(fixture.address("in"))) {
                second.send("hello\n");
                fixture.reload(tcp("first"));
                assertEquals("one hello", second.readLine());
            }
        }
    }

    @Test
    void appliesOtherAccessListsToNewClients() throws Exception {
        fixture = ReloadFixture.launch(tcp("first"));
        try (TestClient inside = TestClient.to(fixture.address("in"))) {
            assertEquals("one", inside.askForName());
            fixture.reload(tcp("first").replace("protocol: tcp", "protocol: tcp, deny: [127.0.0.0/8]"));
            try (TestClient outside = TestClient.to(fixture.address("in"))) {
                assertTrue(outside.awaitEndByReset());
            }
            assertEquals("one still", inside.ask("still"));
        }
    }

    @Test
    void believesForwardedFieldsAsTheNewConfigurationSays() throws Exception {
        fixture = ReloadFixture.launch(http("routes: [{ pool: red }]"));
        try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
            client.get("/", "X-Forwarded-For: 192.0.2.7");
            assertEquals("127.0.0.1", red.nextRequest().field("X-Forwarded-For"));
            fixture.reload(http("routes: [{ pool: red }], forwarded: { trusted: [127.0.0.0/8] }"));
            client.get("/", "X-Forwarded-For: 192.0.2.7");
            assertEquals("192.0.2.7, 127.0.0.1", red.nextRequest().field("X-Forwarded-For"));
            fixture.reload(http("routes: [{ match: { client: 192.0.2.7 }, respond: { body: named } }, { pool: red }], "
                    + "forwarded: { trusted: [127.0.0.0/8], client: x-forwarded-for }"));
            assertEquals("named", client.get("/", "X-Forwarded-For: 192.0.2.7").body());
        }
    }

    // ---- pools and servers ----

    @Test
    void keepsPoolsAndServersThatStayWithAllTheyHave() throws Exception {
        fixture = ReloadFixture.launch(pool(one.entry("") + ", " + two.entry("")));
        Server before = server("one");
        try (TestClient client = TestClient.to(fixture.address("in"))) {
            assertEquals("one", client.askForName());
            fixture.reload(pool(two.entry("") + ", " + one.entry("weight: 5, max-connections: 7")));
            assertSame(before, server("one"));
            assertEquals(1, server("one").connections());
            assertEquals(5, server("one").config().weight());
            assertEquals(7, server("one").config().maxConnections());
        }
        await().until(() -> server("one").connections() == 0);
    }

    @Test
    void letsARemovedServerFinishWhatItHas() throws Exception {
        fixture = ReloadFixture.launch(pool(one.entry("") + ", " + two.entry("")));
        Server removed = server("one");
        try (TestClient client = TestClient.to(fixture.address("in"))) {
            assertEquals("one", client.askForName());
            fixture.reload(pool(two.entry("")));
            assertEquals(Set.of("two"), namesOf(10));
            assertEquals("one on", client.ask("on"));
            assertEquals(1, removed.connections());
        }
        await().until(() -> removed.connections() == 0);
    }

    @Test
    void closesKeptConnectionsToARemovedServerAndReusesThoseToOthers() throws Exception {
        fixture = ReloadFixture.launch(httpPool(red.entry("") + ", " + blue.entry("")));
        try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
            assertEquals(Set.of("red /", "blue /"), Set.of(client.get("/").body(), client.get("/").body()));
            fixture.reload(httpPool(blue.entry("")));
            red.awaitConnectionEnd();
            assertEquals("blue /", client.get("/").body());
            assertEquals(1, blue.connections());
        }
    }

    @Test
    void checksAnAddedServerBeforeClientsGetThere() throws Exception {
        NamedServer dead = NamedServer.start("dead");
        dead.kill();
        String check = ", health-check: { type: tcp, interval: 1h, timeout: 10s }";
        fixture = ReloadFixture.launch(pool(one.entry(""), check));
        fixture.reload(pool(one.entry("") + ", " + dead.entry("") + ", " + two.entry(""), check));
        assertEquals(ServerState.DOWN, server("dead").state());
        assertEquals(Set.of("one", "two"), namesOf(10));
    }

    @Test
    void replacesAllServersOfAPoolWithoutAMomentOfNone() throws Exception {
        String check = ", health-check: { type: tcp, interval: 1h, timeout: 10s }";
        fixture = ReloadFixture.launch(pool(one.entry(""), check));
        fixture.reload(pool(two.entry(""), check));
        assertEquals(Set.of("two"), namesOf(10));
        assertEquals(0, fixture.sluice().stats().sum(Counter.NO_SERVER_UP));
    }

    @Test
    void takesAServerOfAnotherAddressForAnotherOne() throws Exception {
        fixture = ReloadFixture.launch(pool(one.entry("")));
        Server before = server("one");
        fixture.reload(pool("{ name: one, address: 127.0.0.1:" + two.port() + " }"));
        assertNotSame(before, server("one"));
        assertEquals(Set.of("two"), namesOf(3));
    }

    @Test
    void leavesAServerDownThatIsDown() throws Exception {
        String check = ", health-check: { type: tcp, interval: 1h, down-interval: 1h, timeout: 10s, rise: 2 }";
        one.stopListening();
        fixture = ReloadFixture.launch(pool(one.entry("") + ", " + two.entry(""), check));
        assertEquals(ServerState.DOWN, server("one").state());
        one.comeBack();
        fixture.reload(pool(one.entry("weight: 9") + ", " + two.entry(""), check));
        assertEquals(ServerState.DOWN, server("one").state());
        // Other checks begin at once, but one good answer is not enough.
        fixture.reload(pool(one.entry("weight: 9") + ", " + two.entry(""), check.replace("10s", "9s")));
        await().until(() -> one.accepted() > 0);
        assertEquals(Set.of("two"), namesOf(10));
        assertEquals(ServerState.DOWN, server("one").state());
    }

    @Test
    void stopsCheckingARemovedServer() throws Exception {
        String check = ", health-check: { type: tcp, interval: 5ms, timeout: 10s }";
        fixture = ReloadFixture.launch(pool(one.entry("") + ", " + two.entry(""), check));
        await().until(() -> one.accepted() > 3);
        fixture.reload(pool(two.entry(""), check));
        int soFar = one.acceptedAndOneMore();
        int others = two.accepted();
        await().until(() -> two.accepted() > others + 10);
        assertTrue(one.accepted() <= soFar + 1, () -> one.accepted() + " instead of " + soFar);
    }

    @Test
    void appliesOtherChecksToServersThatStay() throws Exception {
        fixture = ReloadFixture.launch(pool(one.entry("") + ", " + two.entry("")));
        one.stopListening();
        assertEquals(ServerState.UP, server("one").state());
        fixture.reload(pool(one.entry("") + ", " + two.entry(""),
                ", health-check: { type: tcp, interval: 5ms, fast-interval: 5ms, timeout: 10s }"));
        await().until(() -> server("one").state() == ServerState.DOWN);
        fixture.reload(pool(one.entry("") + ", " + two.entry("")));
        assertEquals(ServerState.UP, server("one").state());
    }

    @Test
    void takesAServerOutAndBackAsTheOperatorSays() throws Exception {
        String check = ", health-check: { type: tcp, interval: 5ms, timeout: 10s }";
        fixture = ReloadFixture.launch(pool(one.entry("") + ", " + two.entry(""), check));
        fixture.reload(pool(one.entry("state: drain") + ", " + two.entry("state: maintenance"), check));
        assertEquals(ServerState.DRAINING, server("one").state());
        assertEquals(ServerState.MAINTENANCE, server("two").state());
        fixture.reload(pool(one.entry("") + ", " + two.entry(""), check));
        assertEquals(ServerState.UP, server("one").state());
        await().until(() -> server("two").state() == ServerState.UP);
    }

    @Test
    void letsClientsWaitInTheQueueOfAPoolThatStays() throws Exception {
        fixture = ReloadFixture.launch(pool(one.entry("max-connections: 1")));
        try (TestClient first = TestClient.to(fixture.address("in"))) {
            assertEquals("one", first.askForName());
            try (TestClient second = TestClient.to(fixture.address("in"))) {
                second.send("hello\n");
                await().until(() -> InProcess.queueLength(fixture.sluice()) == 1);
                fixture.reload(pool(one.entry("max-connections: 2")));
                assertEquals("one hello", second.readLine());
            }
        }
    }

    @Test
    void holdsClientsAsTheNewConfigurationSays() throws Exception {
        one.stopListening();
        String check = ", health-check: { type: tcp, interval: 30ms, timeout: 10s, rise: 1 }";
        fixture = ReloadFixture.launch(pool(one.entry(""), check));
        try (TestClient refused = TestClient.to(fixture.address("in"))) {
            assertTrue(refused.awaitEndByReset());
        }
        fixture.reload(pool(one.entry(""), check + ", hold: 20s"));
        try (TestClient held = TestClient.to(fixture.address("in"))) {
            held.send("hello\n");
            await().until(() -> InProcess.queueLength(fixture.sluice()) == 1);
            one.comeBack();
            assertEquals("one hello", held.readLine());
        }
    }

    @Test
    void keepsAClientOnItsServerByItsCookie() throws Exception {
        String sticky = ", sticky: { cookie: at }";
        fixture = ReloadFixture.launch(httpPool(red.entry("") + ", " + blue.entry(""), sticky));
        try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
            HttpMessage first = client.get("/");
            String cookie = first.field("Set-Cookie").replaceAll(";.*", "");
            try (HttpOrigin green = HttpOrigin.start("green")) {
                fixture.reload(httpPool(green.entry("") + ", " + blue.entry("") + ", " + red.entry(""), sticky));
                for (int i = 0; i < 6; i++) {
                    assertEquals(first.body(), client.get("/", "Cookie: " + cookie).body());
                }
            }
        }
    }

    @Test
    void readsTheSecretOfACookieAgain() throws Exception {
        Files.writeString(directory.resolve("sticky.secret"), "old");
        String sticky = httpPool(red.entry(""), ", sticky: { cookie: at, secret-file: sticky.secret }");
        fixture = ReloadFixture.launch(sticky, directory);
        try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
            String cookie = client.get("/").field("Set-Cookie").replaceAll(";.*", "");
            assertFalse(client.get("/", "Cookie: " + cookie).has("Set-Cookie"));
            Files.writeString(directory.resolve("sticky.secret"), "new");
            assertTrue(fixture.reload(sticky).isPresent());
            assertTrue(client.get("/", "Cookie: " + cookie).has("Set-Cookie"));
        }
    }

    // ---- logs and pages ----

    @Test
    void opensANewLogAndClosesTheOldOneAfterItsLastSession() throws Exception {
        fixture = ReloadFixture.launch(logged("a.log"), directory);
        try (TestClient client = TestClient.to(fixture.address("in"))) {
            client.askForName();
            fixture.reload(logged("b.log"));
            assertEquals(2, openLogs());
            namesOf(1);
            await().until(() -> Files.readAllLines(directory.resolve("b.log")).size() == 1);
        }
        await().until(() -> openLogs() == 1);
        assertEquals(1, Files.readAllLines(directory.resolve("a.log")).size());
    }

    @Test
    void readsErrorPagesAgain() throws Exception {
        Files.writeString(directory.resolve("503.html"), "old");
        String down = httpPool(red.entry("state: maintenance"), ", error-pages: { 503: 503.html }");
        fixture = ReloadFixture.launch(down, directory);
        try (HttpPeer client = HttpPeer.to(fixture.address("in"))) {
            assertEquals("old", client.get("/").body());
            assertFalse(fixture.reload(down).isPresent());
            Files.writeString(directory.resolve("503.html"), "new");
            Generation generation = fixture.reload(down).orElseThrow();
            assertEquals(List.of("error pages changed"), generation.changes().lines());
            assertEquals("new", client.get("/").body());
        }
    }

    // ---- generations ----

    @Test
    void countsGenerationsAndTellsWhatEachHasChanged() throws Exception {
        fixture = ReloadFixture.launch(pool(one.entry("")));
        fixture.reload(pool(one.entry("") + ", " + two.entry("")));
        Generation generation = fixture.reload(pool(two.entry(""), ", balance: first")).orElseThrow();
        assertEquals(3, generation.number());
        assertEquals("pool pool: changed (balance), server one removed", generation.changes().summary());
        assertEquals(List.of(1, 2, 3), numbers());
    }

    @Test
    void makesNoGenerationWhenNothingHasChanged() throws Exception {
        fixture = ReloadFixture.launch(pool(one.entry("")));
        assertTrue(fixture.reload(pool(one.entry("weight: 1"))).isEmpty());
        assertEquals(List.of(1), numbers());
    }

    @Test
    void remembersTenGenerations() throws Exception {
        fixture = ReloadFixture.launch(pool(one.entry("")));
        for (int weight = 2; weight <= 12; weight++) {
            fixture.reload(pool(one.entry("weight: " + weight)));
        }
        assertEquals(List.of(3, 4, 5, 6, 7, 8, 9, 10, 11, 12), numbers());
    }

    @Test
    void makesReloadsThatComeAtOnceOneAfterTheOther() throws Exception {
        fixture = ReloadFixture.launch(pool(one.entry("")));
        AtomicInteger weights = new AtomicInteger(1);
        Crowd.each(8, 5, () -> fixture.reload(pool(one.entry("weight: " + weights.incrementAndGet()))));
        assertEquals(41, numbers().getLast());
        assertEquals(List.copyOf(new TreeSet<>(numbers())), numbers());
        int weight = fixture.sluice().control().config().pool("pool").servers().getFirst().weight();
        assertEquals(weight, server("one").config().weight());
        assertEquals(Set.of("one"), namesOf(5));
    }

    @Test
    void givesUpAReloadThatWaitsWhenSluiceIsToEnd() throws Exception {
        try (NamedServer silent = NamedServer.start("silent",
                (_, socket) -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()))) {
            String check = ", health-check: { type: http, path: /, interval: 1h, timeout: 1h }";
            fixture = ReloadFixture.launch(pool(one.entry("")));
            FutureTask<Object> reload = new FutureTask<>(() -> fixture.reload(pool(silent.entry(""), check)));
            Thread.ofPlatform().start(reload);
            await().until(() -> silent.accepted() > 0);
            assertTrue(fixture.sluice().drain(Duration.ofSeconds(10)));
            assertThrows(ExecutionException.class, reload::get);
            assertTrue(fixture.reload(pool(two.entry(""))).isEmpty());
            assertEquals(List.of(1), numbers());
        }
    }

    @Test
    void goesOnAsBeforeIfAReloadIsInterruptedThatWaits() throws Exception {
        try (NamedServer silent = NamedServer.start("silent",
                (_, socket) -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()))) {
            String check = ", health-check: { type: http, path: /, interval: 1h, timeout: 1h }";
            fixture = ReloadFixture.launch(pool(one.entry("")));
            FutureTask<Object> reload = new FutureTask<>(() -> fixture.reload(
                    pool(one.entry("") + ", " + silent.entry(""), check)));
            Thread waiting = Thread.ofPlatform().start(reload);
            await().until(() -> silent.accepted() > 0);
            waiting.interrupt();
            assertThrows(ExecutionException.class, reload::get);
            assertEquals(Set.of("one"), namesOf(3));
            fixture.reload(pool(one.entry("") + ", " + two.entry("")));
            assertEquals(Set.of("one", "two"), namesOf(6));
        }
    }

    private List<Integer> numbers() {
        return fixture.sluice().control().generations().stream().map(Generation::number).toList();
    }

    private Server server(String name) {
        return InProcess.server(fixture.sluice(), name);
    }

    /** Who answers that many new clients. */
    private Set<String> namesOf(int clients) throws Exception {
        Callable<String> ask = () -> {
            try (TestClient client = TestClient.to(fixture.address("in"))) {
                return client.askForName();
            }
        };
        return Set.copyOf(Crowd.each(1, clients, ask));
    }

    private long openLogs() throws Exception {
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            long open = 0;
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).startsWith(directory.toRealPath())) {
                    open++;
                }
            }
            return open;
        }
    }

    private String tcp(String pool) {
        return """
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: %s, session-log: off }]
                pools:
                  first: { servers: %s }
                  second: { servers: %s }
                """.formatted(pool, NamedServer.entries(one), NamedServer.entries(two));
    }

    private String pool(String servers) {
        return pool(servers, "");
    }

    private String pool(String servers, String furtherKeys) {
        return """
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: [%s]%s } }
                """.formatted(servers, furtherKeys);
    }

    private String logged(String file) {
        return pool(one.entry("")).replace("session-log: off", "session-log: { file: " + file + " }");
    }

    private String httpPool(String servers) {
        return httpPool(servers, "");
    }

    private String httpPool(String servers, String furtherKeys) {
        return pool(servers, furtherKeys).replace("workers: 2", "workers: 1")
                .replace("protocol: tcp", "protocol: http").replace("session-log", "access-log");
    }

    private String http(String keys) {
        return """
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, access-log: off, %s }]
                pools:
                  red: { servers: %s }
                  blue: { servers: %s }
                """.formatted(keys, HttpOrigin.entries(red), HttpOrigin.entries(blue));
    }
}
