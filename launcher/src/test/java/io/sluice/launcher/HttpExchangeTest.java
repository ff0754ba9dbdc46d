package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The orders in which the two ends of an exchange can speak, stall and leave. */
class HttpExchangeTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    @Test
    void leaves100ContinueToTheServer() throws Exception {
        CountDownLatch agreed = new CountDownLatch(1);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            Latches.await(agreed);
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            peer.send(HttpOrigin.ok(peer.bytes(5)));
            peer.awaitEndByReset();
        });
             Sluice sluice = launch(server); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            await().until(() -> InProcess.server(sluice, "server").connections() == 1);
            assertEquals(0, client.input().available());
            agreed.countDown();
            assertEquals(100, client.response().status());
            client.send("hello");
            assertEquals("hello", client.response().body());
        }
    }

    @Test
    void passesInterimResponsesOnButNotToHttp10() throws Exception {
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
        try (HttpOrigin origin = HttpOrigin.saying(interim + interim + HttpOrigin.ok("final"));
             Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice); HttpPeer old = HttpPeer.to(sluice)) {
            for (int i = 0; i < 2; i++) {
                HttpMessage first = client.get("/");
                assertEquals(103, first.status());
                assertEquals("</a.css>", first.field("Link"));
                assertEquals(103, client.response().status());
                assertEquals("final", client.response().body());
            }
            old.send("GET / HTTP/1.0\r\n\r\n");
            assertEquals("final", old.response().body());
        }
    }

    @Test
    void holdsNoBufferBetweenAnInterimResponseAndTheNext() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, _) -> {
            peer.send("HTTP/1.1 103 Early Hints\r\n\r\n");
            Latches.await(mayGoOn);
            peer.send(HttpOrigin.ok(name));
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(103, client.get("/").status());
            assertEquals(0, HttpSluice.buffersInUse(sluice.workers().getFirst()));
            mayGoOn.countDown();
            assertEquals("server", client.response().body());
        }
    }

    @Test
    void passesAllOfManyInterimResponsesToAClientThatReadsLate() throws Exception {
        int count = 40_000;
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: <" + "x".repeat(200) + ">\r\n\r\n";
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) ->
                peer.send(interim.repeat(count) + HttpOrigin.ok("final")));
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.slowTo(sluice)) {
            client.send(GET);
            await().until(() -> HttpSluice.buffersInUse(sluice.workers().getFirst()) > 0);
            for (int i = 0; i < count; i++) {
                assertEquals(103, client.response().status());
            }
            assertEquals("final", client.response().body());
        }
    }

    @Test
    void passesAnEarlyResponseOnWhileTheBodyStillComes() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
            peer.awaitEndByReset();
        });
             Sluice sluice = launch(server); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000000\r\n\r\nsome");
            HttpMessage response = client.response();
            assertEquals(413, response.status());
            assertEquals("big", response.body());
            assertEquals("close", response.field("Connection"));
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void endsInGoodOrderWhenTheServerAnswersAndTakesNoMoreOfTheBody() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
            Latches.await(sent);
        });
             Sluice sluice = launch(server); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000000\r\n\r\n");
            assertEquals("big", client.response().body());
            sent.countDown();
            client.send(new byte[1_000_000]);
            client.finish();
            assertFalse(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void holdsNothingAfterAClientHasLeftInWhateverState() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            if (peer.head().target().equals("/half")) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            }
            Latches.await(never);
        });
             Sluice sluice = launch(server)) {
            for (String request : new String[] {"GET / HT", GET, "GET /half HTTP/1.1\r\nHost: test\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nsome",
                "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                GET + GET.substring(0, 9)}) {
                for (boolean whole : new boolean[] {true, false}) {
                    HttpPeer client = HttpPeer.to(sluice);
                    client.send(request);
                    if (request.contains("/half")) {
                        client.head();
                        client.bytes(4);
                    } else if (whole && !request.equals("GET / HT")) {
                        await().until(() -> InProcess.server(sluice, "server").connections() == 1);
                    }
                    client.reset();
                    HttpSluice.awaitNothingHeld(sluice);
                }
            }
            never.countDown();
        }
    }

    @Test
    void answersAClientThatHasEndedItsDirection() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) -> {
            Latches.await(ended);
            peer.send(HttpOrigin.ok("late" + request.body()));
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
            client.finish();
            origin.nextRequest();
            ended.countDown();
            assertEquals("latehello", client.response().body());
            assertFalse(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void refusesASlowHeadAtItsDeadlineHoweverBusyTheClientIs() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { request-header: 500ms }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nX: ");
            while (client.input().available() == 0) {
                client.send("a");
                Thread.sleep(1);
            }
            assertEquals(408, client.response().status());
            client.finish();
            assertFalse(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void givesUpOnAClientThatStallsInItsBody() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { client: 50ms }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhel");
            assertEquals(408, client.response().status());
            client.finish();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void cutsAResponseShortWhenTheServerStallsInItsBody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\n\r\nhalf");
            Latches.await(never);
        });
             Sluice sluice = HttpSluice.before("timeouts: { server: 500ms }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(GET);
            assertEquals(200, client.head().status());
            assertEquals("4", client.line());
            assertTrue(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
            never.countDown();
        }
    }

    @Test
    void drainingClosesIdleConnectionsAtOnceAndBusyOnesBehindTheirResponse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) -> {
            String[] halves = {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab", "cd"};
            if (request.target().equals("/begun")) {
                peer.send(halves[0]);
            }
            if (!request.target().equals("/idle")) {
                Latches.await(release);
            }
            peer.send(request.target().equals("/begun") ? halves[1] : halves[0] + halves[1]);
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer idle = HttpPeer.to(sluice);
             HttpPeer busy = HttpPeer.to(sluice); HttpPeer begun = HttpPeer.to(sluice)) {
            assertEquals("abcd", idle.get("/idle").body());
            busy.send("GET /busy HTTP/1.1\r\nHost: test\r\n\r\n");
            begun.send("GET /begun HTTP/1.1\r\nHost: test\r\n\r\n");
            begun.head();
            CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> drain(sluice));
            assertFalse(idle.awaitEndByReset());
            release.countDown();
            HttpMessage response = busy.response();
            assertEquals("abcd", response.body());
            assertEquals("close", response.field("Connection"));
            busy.leave();
            assertEquals("abcd", begun.rest());
            assertTrue(drained.get());
        }
    }

    @Test
    void resetsExchangesOnAServerThatGoesDownIfSoConfigured() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, _, _) -> Latches.await(never));
             Sluice sluice = HttpSluice.before(
                     "on-down: close-connections, "
                             + "health-check: { type: tcp, interval: 20ms, timeout: 10s, rise: 1, fall: 1 }",
                     origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(GET);
            origin.nextRequest();
            origin.server().stopListening();
            assertTrue(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
            never.countDown();
        }
    }

    private static boolean drain(Sluice sluice) {
        try {
            return sluice.drain(Duration.ofSeconds(9));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Sluice launch(NamedServer server) throws Exception {
        return HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
    }
}
