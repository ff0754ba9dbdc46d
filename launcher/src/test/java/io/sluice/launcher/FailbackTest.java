package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.ServerState;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the connections on a server once one that goes before it is back. */
class FailbackTest {

    private static final String CHECK = "health-check: { type: tcp, interval: 30ms, timeout: 10s, rise: 1, fall: 1 }";
    private static final String CLOSE = CHECK + ", on-failback: close-connections";

    private NamedServer one;
    private NamedServer two;

    @BeforeEach
    void start() throws Exception {
        one = NamedServer.start("one");
        two = NamedServer.start("two");
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
    }

    @Test
    void resetsThoseOnABackup() throws Exception {
        one.kill();
        try (Sluice sluice = launch(one.entry(""), two.entry("backup: true"), CLOSE); TestClient client = to(sluice)) {
            assertEquals("two", client.askForName());
            one.comeBack();
            assertTrue(client.awaitEndByReset());
            assertServedBy("one", sluice);
        }
    }

    @Test
    void resetsThoseOnALaterServer() throws Exception {
        one.kill();
        try (Sluice sluice = launch(one.entry(""), two.entry(""), "balance: first, slow-start: 1h, " + CLOSE);
             TestClient client = to(sluice)) {
            assertEquals("two", client.askForName());
            one.comeBack();
            assertTrue(client.awaitEndByReset());
            assertServedBy("one", sluice);
        }
    }

    @Test
    void leavesThemAloneUnlessConfigured() throws Exception {
        one.kill();
        try (Sluice sluice = launch(one.entry(""), two.entry("backup: true"), CHECK); TestClient client = to(sluice)) {
            assertEquals("two", client.askForName());
            bringBackOne(sluice);
            assertEquals("two still here", client.ask("still here"));
        }
    }

    @Test
    void leavesThoseAloneThatAFullServerHasNoRoomFor() throws Exception {
        try (Sluice sluice = launch(one.entry("max-connections: 1"), two.entry(""), "balance: first, " + CLOSE);
             TestClient first = to(sluice)) {
            assertEquals("one", first.askForName());
            try (TestClient second = to(sluice)) {
                assertEquals("two", second.askForName());
                one.stopListening();
                await().until(() -> InProcess.state(sluice, "one") == ServerState.DOWN);
                bringBackOne(sluice);
                assertEquals("two still here", second.ask("still here"));
            }
        }
    }

    @Test
    void resetsThoseOnLaterServersWhenAReloadAddsAnEarlierOne() throws Exception {
        try (ReloadFixture fixture = ReloadFixture.launch(yaml(two.entry(""), "balance: first, " + CLOSE));
             TestClient client = to(fixture.sluice())) {
            assertEquals("two", client.askForName());
            fixture.reload(yaml(one.entry("") + ", " + two.entry(""), "balance: first, " + CLOSE));
            assertTrue(client.awaitEndByReset());
        }
    }

    @Test
    void countsFromTheNextTimeOnAfterAReload() throws Exception {
        String servers = one.entry("") + ", " + two.entry("");
        try (ReloadFixture fixture = ReloadFixture.launch(yaml(servers, "balance: first, " + CHECK));
             TestClient client = to(fixture.sluice())) {
            assertEquals("one", client.askForName());
            fixture.reload(yaml(two.entry("") + ", " + one.entry(""), "balance: first, " + CLOSE));
            assertEquals("one still here", client.ask("still here"));
            two.stopListening();
            await().until(() -> InProcess.state(fixture.sluice(), "two") == ServerState.DOWN);
            assertEquals("one still here", client.ask("still here"));
            two.comeBack();
            assertTrue(client.awaitEndByReset());
        }
    }

    @Test
    void resetsRequestsInProgressButNotThoseOfClientsPinnedThere() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("origin", (name, peer, request) -> {
            if (request.target().equals("/held")) {
                Latches.await(release);
            }
            HttpOrigin.NAME_AND_TARGET.answer(name, peer, request);
        })) {
            one.kill();
            try (Sluice sluice = HttpSluice.launch("pool: pool", "[" + one.entry("") + ", "
                         + origin.entry("backup: true") + "]", "sticky: { cookie: SRV }, " + CLOSE);
                 HttpPeer pinned = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
                String cookie = pinned.get("/").field("Set-Cookie").split(";")[0];
                origin.nextRequest();
                pinned.send("GET /held HTTP/1.1\r\nHost: test\r\nCookie: " + cookie + "\r\n\r\n");
                origin.nextRequest();
                other.send("GET /held HTTP/1.1\r\nHost: test\r\n\r\n");
                origin.nextRequest();
                one.comeBack();
                assertTrue(other.awaitEndByReset());
                release.countDown();
                assertEquals("origin /held", pinned.response().body());
            }
        }
    }

    @Test
    void resetsUpgradedConnections() throws Exception {
        try (NamedServer backup = NamedServer.start("backup", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
            peer.rest();
        })) {
            one.kill();
            try (Sluice sluice = HttpSluice.launch(
                         "pool: pool", "[" + one.entry("") + ", " + backup.entry("backup: true") + "]", CLOSE);
                 HttpPeer client = HttpPeer.to(sluice)) {
                client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
                assertEquals(101, client.response().status());
                one.comeBack();
                assertTrue(client.awaitEndByReset());
            }
        }
    }

    private void bringBackOne(Sluice sluice) throws Exception {
        one.comeBack();
        await().until(() -> InProcess.state(sluice, "one") == ServerState.UP);
        // What the workers are asked to do when a server is back is done by then; only a rare race could hide a fault.
        CountDownLatch done = new CountDownLatch(sluice.workers().size());
        sluice.workers().forEach(worker -> worker.ask(done::countDown));
        Latches.await(done);
    }

    private static void assertServedBy(String name, Sluice sluice) throws Exception {
        try (TestClient client = to(sluice)) {
            assertEquals(name, client.askForName());
        }
    }

    private static TestClient to(Sluice sluice) throws Exception {
        return TestClient.to(InProcess.address(sluice));
    }

    private static Sluice launch(String first, String second, String poolKeys) throws Exception {
        return InProcess.launch(yaml(first + ", " + second, poolKeys));
    }

    private static String yaml(String servers, String poolKeys) {
        return """
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: [%s], %s } }
                """.formatted(servers, poolKeys);
    }
}
