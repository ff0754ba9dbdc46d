package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Whoever keeps the others waiting for too long is given up. */
class HttpTimeoutTest {

    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

    @Test
    void answers504WhenNoServerCanBeConnectedToInTime() throws Exception {
        try (BlackHole hole = BlackHole.open();
             Sluice sluice = HttpSluice.launch("pool: pool", "[" + hole.entry() + "]", "timeouts: { connect: 50ms }");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(504, client.get("/").status());
            assertEquals(504, client.get("/").status());
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void triesAnotherServerWhenOneCannotBeConnectedToInTime() throws Exception {
        try (BlackHole hole = BlackHole.open(); HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool", "[" + hole.entry() + ", " + origin.entry("") + "]",
                     "balance: first, timeouts: { connect: 50ms }");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody");
            assertEquals("server /", client.response().body());
            assertEquals("body", origin.nextRequest().body());
        }
    }

    /** Some send one behind a body: that begins no request which they could be late with. */
    @Test
    void aClientThatSendsEmptyLinesIsStillIdle() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { request-header: 2s, keep-alive: 50ms }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nok\r\n");
            assertEquals("server /", client.response().body());
            assertEquals("", client.rest());
        }
    }

    @Test
    void answers504WhenTheServerTakesTooLong() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, _, _) -> Latches.await(over));
             Sluice sluice = HttpSluice.before("timeouts: { response: 50ms }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(504, client.get("/").status());
            over.countDown();
            assertEquals(504, client.get("/").status());
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** The time to the response counts from the request: interim responses do not begin it anew. */
    @Test
    void answers504WhenTheServerSendsInterimResponsesForEver() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            try {
                for (;;) {
                    peer.send("HTTP/1.1 103 Early Hints\r\n\r\n");
                }
            } catch (SocketException e) {
                // It was given up, as it should be.
            }
        });
             Sluice sluice = HttpSluice.before("timeouts: { response: 100ms }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/");
            while (response.status() == 103) {
                response = client.response();
            }
            assertEquals(504, response.status());
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void resetsAClientThatDoesNotReadAndHoldsItsServerNoLonger() throws Exception {
        byte[] part = new byte[1 << 20];
        CountDownLatch full = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n");
            try {
                for (;;) {
                    peer.send(part);
                }
            } catch (IOException e) {
                full.countDown();
            }
        });
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { client: 100ms }", HttpOrigin.entries(origin),
                     "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            Latches.await(full);
            HttpSluice.awaitNothingHeld(sluice);
            assertTrue(client.awaitEndByReset());
        }
    }

    @Test
    void holdsOneBufferForAClientThatDoesNotRead() throws Exception {
        byte[] part = new byte[1 << 20];
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n");
            try {
                for (;;) {
                    peer.send(part);
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> HttpSluice.buffersInUse(sluice.workers().getFirst()) == 1);
            client.head();
            for (int i = 0; i < 100; i++) {
                client.bytes(1 << 20);
                assertTrue(HttpSluice.buffersInUse(sluice.workers().getFirst()) <= 1);
            }
        }
    }

    @Test
    void resetsATunnelInWhichNothingMoves() throws Exception {
        assertTunnelIsReset("tunnel: 100ms", _ -> { });
    }

    @Test
    void resetsATunnelThatIsHalfClosedForTooLong() throws Exception {
        assertTunnelIsReset("half-closed: 100ms", HttpPeer::finish);
    }

    private static void assertTunnelIsReset(String timeouts, ClientStep step) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send(SWITCHED);
            Latches.await(over);
        });
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { " + timeouts + " }",
                     NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(UPGRADE);
            assertEquals(101, client.response().status());
            step.take(client);
            assertTrue(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
            over.countDown();
        }
    }

    private interface ClientStep {
        void take(HttpPeer client) throws IOException;
    }

    @Test
    void aBusyTunnelOutlivesTheTimesOfHttp() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send(SWITCHED);
            for (;;) {
                peer.send(peer.bytes(1));
            }
        });
             Sluice sluice = HttpSluice.launch(
                     "pool: pool, timeouts: { client: 50ms, keep-alive: 50ms, request-header: 50ms }",
                     NamedServer.entries(server), "timeouts: { response: 50ms, server: 50ms }");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(UPGRADE);
            assertEquals(101, client.response().status());
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < 200_000_000) {
                client.send("x");
                assertEquals("x", client.bytes(1));
                Thread.sleep(20);
            }
            assertFalse(sluice.stats().sum(Counter.CONNECTIONS_ENDED) > 0);
        }
    }
}
