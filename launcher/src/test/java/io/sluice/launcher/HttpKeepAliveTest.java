package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections stay for further requests on both sides, as long as both ends and the configuration want it. */
class HttpKeepAliveTest {

    @Test
    void servesManyRequestsOverOneConnectionToTheServer() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 100; i++) {
                assertEquals("server /" + i, client.get("/" + i).body());
            }
            assertEquals(1, origin.connections());
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** In a process that was upgraded, however late its response ends: the next one tells it to connect anew. */
    @Test
    void servesTheNextRequestOfAClientThatWasPromisedIt() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) -> {
                 peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
                 Latches.await(stopped);
                 peer.send("llo");
             });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertTrue(client.hasMore());
            sluice.control().stopAccepting(Duration.ofMinutes(1));
            assertFalse(sluice.drain(Duration.ZERO));
            stopped.countDown();

            HttpMessage promising = client.response();
            assertEquals("hello", promising.body());
            assertFalse(promising.has("Connection"));
            HttpMessage last = client.get("/");
            assertEquals("hello", last.body());
            assertEquals("close", last.field("Connection"));
            assertFalse(client.hasMore());
        }
    }

    /** The kernel has taken all of the response long before its client has. */
    @Test
    void servesTheNextRequestOfAClientThatReceivesSlowlyInAnUpgrade() throws Exception {
        Duration patience = Duration.ofSeconds(2);
        while (!servesAfterASlowResponse(patience)) {
            patience = patience.multipliedBy(2);
        }
    }

    /**
     * To a client that takes half as long again as the process is patient with idle ones. False if it was not served,
     * but had stalled for so long, as on a busy machine, that it may have seemed idle.
     */
    private static boolean servesAfterASlowResponse(Duration patience) throws Exception {
        int parts = 50;
        try (HttpOrigin origin = HttpOrigin.saying(HttpOrigin.ok("x".repeat(parts * 1000)));
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.slowTo(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertFalse(client.head().has("Connection"));
            long longestNs = 0;
            long sinceNs = System.nanoTime();
            try {
                sluice.control().stopAccepting(patience);
                for (int i = 0; i < parts; i++) {
                    client.input().skipNBytes(1000);
                    Thread.sleep(patience.multipliedBy(3).dividedBy(2L * parts));
                    longestNs = Math.max(longestNs, System.nanoTime() - sinceNs);
                    sinceNs = System.nanoTime();
                }
                assertEquals("close", client.get("/").field("Connection"));
                return true;
            } catch (IOException e) {
                longestNs = Math.max(longestNs, System.nanoTime() - sinceNs);
                // Not each part that it takes has the kernel tell the other side.
                if (longestNs < patience.dividedBy(8).toNanos() || patience.toSeconds() > 10) {
                    throw e;
                }
                return false;
            }
        }
    }

    @Test
    void servesARequestThatHasComeWhenSluiceStops() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            Latches.await(stopped);
            peer.send("ok");
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n".repeat(2));
            assertTrue(client.hasMore());
            sluice.control().stopAccepting(Duration.ZERO);
            stopped.countDown();

            assertEquals("ok", client.response().body());
            HttpMessage last = client.response();
            assertEquals("ok", last.body());
            assertEquals("close", last.field("Connection"));
        }
    }

    /** As one does that is still in its admission then. */
    @Test
    void servesTheFirstRequestOfAClientThatHasSentNoneYetWhenSluiceStops() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            await().until(() -> sluice.connections() == 1);
            sluice.control().stopAccepting(Duration.ZERO);
            HttpMessage only = client.get("/");
            assertEquals("server /", only.body());
            assertEquals("close", only.field("Connection"));
            assertTrue(sluice.drain(Duration.ofSeconds(30)));
        }
    }

    @Test
    void closesAnIdleConnectionWhosePatienceIsOverInAnUpgrade() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /", client.get("/").body());
            sluice.control().stopAccepting(Duration.ofMillis(20));
            assertFalse(client.awaitEndByReset());
            assertTrue(sluice.drain(Duration.ofSeconds(30)));
        }
    }

    @Test
    void closesAnIdleConnectionInOrderWhenTheTimeToDrainIsUp() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /", client.get("/").body());
            sluice.control().stopAccepting(Duration.ofMinutes(1));
            assertFalse(sluice.drain(Duration.ZERO));
            sluice.control().close();
            assertFalse(client.awaitEndByReset());
        }
    }

    /** Its response has been written, but has not reached it. */
    @Test
    void closesALingeringConnectionInOrderWhenTheTimeToDrainIsUp() throws Exception {
        String body = "x".repeat(200_000);
        try (HttpOrigin origin = HttpOrigin.saying(HttpOrigin.ok(body)); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.slowTo(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
            await().until(() -> sluice.stats().sum(Counter.HTTP_REQUESTS) == 1);
            await().until(() -> sluice.pools().get("pool").servers().getFirst().connections() == 0);
            assertEquals(1, sluice.connections());
            sluice.control().close();
            assertEquals(body, client.response().body());
            assertFalse(client.awaitEndByReset());
        }
    }

    @Test
    void sharesConnectionsToServersAmongClients() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin)) {
            for (int i = 0; i < 10; i++) {
                try (HttpPeer client = HttpPeer.to(sluice)) {
                    assertEquals("server /" + i, client.get("/" + i).body());
                }
            }
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void keepsNoMoreIdleConnectionsThanConfigured() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.before("connections: { idle-per-server: 0 }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                assertEquals("server /", client.get("/").body());
                origin.awaitConnectionEnd();
            }
            assertEquals(3, origin.connections());
        }
    }

    @Test
    void closesAnIdleConnectionAfterItsTime() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.before("connections: { idle-timeout: 20ms }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /", client.get("/").body());
            origin.awaitConnectionEnd();
            assertEquals("server /", client.get("/").body());
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void closesAConnectionThatHasCarriedItsShare() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.before("connections: { max-requests: 2 }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 6; i++) {
                client.get("/");
            }
            assertEquals(3, origin.connections());
        }
    }

    @Test
    void takesTheConnectionUsedLastFirst() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) ->
                peer.send(HttpOrigin.ok(Integer.toString(peer.socket().getPort()))));
             Sluice sluice = HttpSluice.before(origin)) {
            List<HttpPeer> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(HttpPeer.to(sluice));
            }
            for (HttpPeer client : clients) {
                client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            }
            for (HttpPeer client : clients) {
                client.response();
            }
            String latest = clients.getFirst().get("/").body();
            for (HttpPeer client : clients) {
                assertEquals(latest, client.get("/").body());
                client.leave();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: NTLM TlRMTVNTUAADAAAA", "authorization: negotiate YIIB",
        "Proxy-Authorization: NTLM TlRM", "Authorization: Negotiate"})
    void letsNobodyUseAConnectionThatAClientHasAuthenticated(String authentication) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
            assertEquals("server /", client.get("/", authentication).body());
            assertEquals("server /", other.get("/").body());
            assertEquals(2, origin.connections());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Basic NTLM", "Authorization: NTLMv9 x", "Authorization: Bearer Negotiate",
        "Authorization:"})
    void sharesConnectionsOfClientsThatAuthenticateEachRequest(String authentication) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
            assertEquals("server /", client.get("/", authentication).body());
            assertEquals("server /", other.get("/").body());
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void doesNotReuseAConnectionThatTheServerWillClose() throws Exception {
        try (HttpOrigin origin =
                     HttpOrigin.saying("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                HttpMessage response = client.get("/");
                assertEquals("ok", response.body());
                assertFalse(response.has("Connection"));
            }
            assertEquals(3, origin.connections());
        }
    }

    @Test
    void closesWhenTheClientAsksForIt() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/", "Connection: close");
            assertEquals("close", response.field("Connection"));
            assertFalse(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void answersAClientThatSendsMoreAfterItsLastRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch sentMore = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, client, _) -> {
            asked.countDown();
            Latches.await(sentMore);
            client.send(HttpOrigin.ok("hello"));
        }); Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
            Latches.await(asked);
            // More than is read ahead.
            client.send("x".repeat(100_000));
            HttpSluice.awaitCycle(sluice);
            sentMore.countDown();
            assertEquals("hello", client.response().body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/respond", "/redirect", "/missing", "/nobody", "/a%00b"})
    void staysAfterAnAnswerToARequestWhoseWholeBodyHasCome(String target) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = launchWithAnswers(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (String body : List.of("Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n")) {
                // The next request comes along, in the same bytes.
                client.send("POST " + target + " HTTP/1.1\r\nHost: test\r\n" + body
                        + "GET /server HTTP/1.1\r\nHost: test\r\n\r\n");
                HttpMessage answer = client.response();
                assertFalse(answer.has("Connection"), answer::startLine);
                assertEquals("server /server", client.response().body());
                client.send("POST " + target + " HTTP/1.1\r\nHost: test\r\n" + body);
                assertEquals(answer.status(), client.response().status());
            }
            assertEquals(2, origin.requests().size());
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 4\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd", "Transfer-Encoding: chunked\r\n\r\n9\r\nabcdefghi\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 3\r\n\r\n", "Content-Length: 3\r\n\r\n"})
    void endsAfterAnAnswerToARequestWhoseBodyIsNotWholeOrNotSound(String body) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = launchWithAnswers(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST /respond HTTP/1.1\r\nHost: test\r\n" + body);
            assertEquals("close", client.response().field("Connection"));
            client.send("GET /server HTTP/1.1\r\nHost: test\r\n\r\n");
            client.finish();
            assertFalse(client.awaitEndByReset());
            assertEquals(0, origin.requests().size());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    private static Sluice launchWithAnswers(HttpOrigin origin) throws Exception {
        return InProcess.launch("""
                workers: 1
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: http
                    access-log: off
                    limits: { body-bytes: 8 }
                    routes:
                      - { match: { path: /server }, pool: pool }
                      - { match: { path: /respond }, respond: { status: 200, body: hello } }
                      - { match: { path: /redirect }, redirect: { to: /server } }
                      - { match: { path: /nobody }, pool: nobody }
                pools:
                  pool: { servers: %s }
                  nobody: { servers: [{ name: gone, address: "127.0.0.1:%d" }] }
                """.formatted(HttpOrigin.entries(origin), LoopbackPorts.free()));
    }

    @Test
    void closesAfterTheLastRequestThatAConnectionMayCarry() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, limits: { requests-per-connection: 2 }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertFalse(client.get("/").has("Connection"));
            assertEquals("close", client.get("/").field("Connection"));
            assertFalse(client.awaitEndByReset());
        }
    }

    /** The connection is open for as long as the client may need to read the response. */
    @Test
    void holdsNothingOfWhatCameBehindTheLastRequest() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, limits: { requests-per-connection: 1 }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET /last HTTP/1.1\r\nHost: test\r\n\r\nGET /behind HTTP/1.1\r\n");
            assertEquals("close", client.response().field("Connection"));
            assertEquals("", client.rest());
            assertEquals(0, HttpSluice.buffersInUse(sluice.workers().getFirst()));
        }
    }

    @Test
    void closesAnIdleClientSilently() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { keep-alive: 30ms }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/");
            assertEquals("", client.rest());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void closesAfterAnHttp10RequestUnlessAskedToStay() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer stays = HttpPeer.to(sluice); HttpPeer closes = HttpPeer.to(sluice)) {
            for (int i = 0; i < 2; i++) {
                stays.send("GET /%d HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".formatted(i));
                HttpMessage response = stays.response();
                assertEquals("keep-alive", response.field("Connection").toLowerCase(Locale.ROOT));
                assertEquals("server /" + i, response.body());
            }
            closes.send("GET / HTTP/1.0\r\n\r\n");
            assertEquals("server /", closes.response().body());
            assertFalse(closes.awaitEndByReset());
            assertEquals("GET / HTTP/1.1", origin.requests().getLast().startLine());
            assertTrue(origin.requests().getLast().has("Host"));
        }
    }

    @Test
    void closesIdleConnectionsToServersInTheEnd() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server")) {
            try (Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
                client.get("/");
            }
            origin.awaitConnectionEnd();
        }
    }

    @Test
    void closesIdleConnectionsToAServerThatGoesDown() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            // Health checks come and go without a request.
            if (peer.request() != null) {
                peer.send(HttpOrigin.ok("body"));
                peer.request();
                closed.countDown();
            }
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server),
                     "health-check: { type: tcp, interval: 30ms, timeout: 10s, fall: 2 }");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("body", client.get("/").body());
            server.stopListening();
            Latches.await(closed);
        }
    }

    @Test
    void bytesThatNoOneAskedForCloseTheConnectionAndReachNoOne() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) ->
                peer.send(HttpOrigin.ok(request.target()) + (request.target().equals("/poison")
                        ? HttpOrigin.ok("poison") : "")));
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 20; i++) {
                assertEquals("/poison", client.get("/poison").body());
                assertEquals("/good", client.get("/good").body());
            }
            assertEquals(21, origin.connections());
        }
    }

    @Test
    void bytesThatComeWhileAConnectionIsIdleCloseIt() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/");
            origin.server().sendToAll(HttpOrigin.ok("poison"));
            origin.awaitConnectionEnd();
            assertEquals("server /next", client.get("/next").body());
            await().until(() -> origin.connections() == 2);
        }
    }
}
