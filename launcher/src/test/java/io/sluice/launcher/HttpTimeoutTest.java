package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.stats.Counter;
import io.sluice.core.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Whoever keeps the others waiting for too long is given up. */
class HttpTimeoutTest {

    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    /** More than the kernel holds between two peers. */
    private static final int BULK_BYTES = 64 << 20;
    private static final String SILENCE = "3s";
    private static final int LONGER_THAN_SILENCE_MS = 4000;
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    /** Sends a body for as long as there is somebody to send it to. */
    private static final HttpOrigin.Answering ENDLESS = (_, peer, _) -> {
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n");
        byte[] part = new byte[1 << 20];
        for (;;) {
            peer.send(part);
        }
    };

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

    /** The server has neither agreed nor refused; but if that were held against it, clients could have it ejected. */
    @Test
    void answers504WhenTheServerDoesNotSayWhetherToContinue() throws Exception {
        try (NamedServer silent = NamedServer.start("silent", (_, socket) -> HttpPeer.on(socket).awaitEndByReset());
             HttpOrigin other = HttpOrigin.start("other");
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { client: 50ms }",
                     "[" + silent.entry("") + ", " + other.entry("") + "]",
                     "balance: first, timeouts: { response: 200ms }, passive: { errors: 1, eject-for: 1h }")) {
            for (int i = 0; i < 3; i++) {
                try (HttpPeer client = HttpPeer.to(sluice)) {
                    client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
                    assertEquals(504, client.response().status());
                    assertEquals("", client.rest());
                }
            }
            HttpSluice.awaitNothingHeld(sluice);
            assertEquals(3, silent.accepted());
        }
    }

    /** From then on, it is the client that is awaited. */
    @Test
    void answers408WhenTheClientSendsNoBodyAlthoughTheServerHasAskedForIt() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            peer.awaitEndByReset();
        });
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { client: 200ms }",
                     NamedServer.entries(server), "timeouts: { response: 10m }");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, client.response().status());
            assertEquals(408, client.response().status());
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
        try (HttpOrigin origin = HttpOrigin.start("server", ENDLESS);
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { client: 100ms }", HttpOrigin.entries(origin),
                     "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            origin.awaitConnectionEnd();
            HttpSluice.awaitNothingHeld(sluice);
            assertTrue(client.awaitEndByReset());
        }
    }

    @Test
    void holdsOneBufferForAClientThatDoesNotRead() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", ENDLESS);
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

    /** Its time begins when it has the whole request. */
    @Test
    void aServerIsNotLateBecauseItsClientTakesLongerForTheBody() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.before("timeouts: { response: " + SILENCE + " }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST /slow HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello");
            pause();
            client.send("world");
            assertEquals("server /slow", client.response().body());
        }
    }

    /** It cannot send what Sluice does not read, and Sluice reads no more than the server takes. */
    @Test
    void aClientIsNotSilentWhileItsServerTakesNothing() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            pause();
            peer.input().skipNBytes(BULK_BYTES);
            peer.send(HttpOrigin.ok("whole"));
            peer.awaitEndByReset();
        });
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { client: " + SILENCE + " }",
                     NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + BULK_BYTES + "\r\n\r\n");
            CompletableFuture<Void> sending = sendBulk(client);
            assertEquals("whole", client.response().body());
            sending.join();
        }
    }

    /** First for a slot, then to be told to send the body. */
    @Test
    void aClientIsNotSilentWhileItWaitsForAServer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch agreed = new CountDownLatch(1);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            pause();
            peer.send(HttpOrigin.ok("first"));
            peer.head();
            asked.countDown();
            Latches.await(agreed);
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            peer.send(HttpOrigin.ok(peer.bytes(5)));
            peer.awaitEndByReset();
        });
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { client: " + SILENCE + " }",
                     "[" + server.entry("max-connections: 1") + "]", "timeouts: { queue: 10s }");
             HttpPeer first = HttpPeer.to(sluice); HttpPeer second = HttpPeer.to(sluice)) {
            first.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> InProcess.server(sluice, "server").connections() == 1);
            second.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertEquals("first", first.response().body());
            Latches.await(asked);
            HttpSluice.awaitCycle(sluice);
            agreed.countDown();
            assertEquals(100, second.response().status());
            second.send("hello");
            assertEquals("hello", second.response().body());
        }
    }

    /** It cannot send what Sluice does not read, and Sluice reads no more than the client takes. */
    @Test
    void aServerIsNotSilentWhileItsClientTakesNothing() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + BULK_BYTES + "\r\n\r\n");
            peer.send(new byte[BULK_BYTES]);
        });
             Sluice sluice = HttpSluice.before("timeouts: { server: " + SILENCE + " }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals(200, client.head().status());
            pause();
            client.input().skipNBytes(BULK_BYTES);
        }
    }

    /** It cannot send what Sluice does not read, and Sluice reads nothing that it has no buffer for. */
    @Test
    void aClientIsNotSilentWhileThereIsNoBuffer() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { client: " + SILENCE + " }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello");
            await().until(() -> InProcess.server(sluice, "server").connections() == 1);
            Worker worker = sluice.workers().getFirst();
            await().until(() -> HttpSluice.buffersInUse(worker) == 0);
            List<ByteBuffer> taken = new ArrayList<>();
            HttpSluice.onWorker(sluice, () -> takeAll(worker.buffers(), taken));
            client.send("world");
            pause();
            HttpSluice.onWorker(sluice, () -> taken.forEach(worker.buffers()::release));
            assertEquals(200, client.response().status());
            assertEquals("helloworld", origin.nextRequest().body());
        }
    }

    /** One for its next request's first byte, the other for the rest of a head. */
    @Test
    void clientsWhoseHeadsWaitForABufferAreNeitherLateNorIdle() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, timeouts: { keep-alive: " + SILENCE + ", request-header: "
                     + SILENCE + " }", HttpOrigin.entries(origin), "");
             HttpPeer idle = HttpPeer.to(sluice); HttpPeer inHead = HttpPeer.to(sluice)) {
            assertEquals("server /", idle.get("/").body());
            assertEquals("server /", inHead.get("/").body());
            inHead.send("GET /rest HTTP/1.1\r\n");
            HttpSluice.awaitCycle(sluice);
            Worker worker = sluice.workers().getFirst();
            await().until(() -> HttpSluice.buffersInUse(worker) == 0);
            List<ByteBuffer> taken = new ArrayList<>();
            HttpSluice.onWorker(sluice, () -> takeAll(worker.buffers(), taken));
            idle.send("GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
            inHead.send("Host: test\r\n\r\n");
            pause();
            worker.askToCloseIdleSessions();
            HttpSluice.onWorker(sluice, () -> taken.forEach(worker.buffers()::release));
            assertEquals("server /next", idle.response().body());
            assertEquals("server /rest", inHead.response().body());
        }
    }

    @Test
    void aServerWhoseAnswerWaitsForABufferIsNotLate() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            Latches.await(mayAnswer);
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
        });
             Sluice sluice = HttpSluice.before("timeouts: { response: " + SILENCE + " }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> InProcess.server(sluice, "server").connections() == 1);
            Worker worker = sluice.workers().getFirst();
            await().until(() -> HttpSluice.buffersInUse(worker) == 0);
            List<ByteBuffer> taken = new ArrayList<>();
            HttpSluice.onWorker(sluice, () -> takeAll(worker.buffers(), taken));
            mayAnswer.countDown();
            pause();
            HttpSluice.onWorker(sluice, () -> taken.forEach(worker.buffers()::release));
            assertEquals("body", client.response().body());
        }
    }

    @Test
    void aServerIsNotLateWithItsContinueWhileTheBodyWaitsForABuffer() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) ->
                peer.send(HttpOrigin.ok(request.body())));
             Sluice sluice = HttpSluice.before("timeouts: { response: " + SILENCE + " }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            await().until(() -> InProcess.server(sluice, "server").connections() == 1);
            Worker worker = sluice.workers().getFirst();
            await().until(() -> HttpSluice.buffersInUse(worker) == 0);
            List<ByteBuffer> taken = new ArrayList<>();
            HttpSluice.onWorker(sluice, () -> takeAll(worker.buffers(), taken));
            client.send("body");
            pause();
            HttpSluice.onWorker(sluice, () -> taken.forEach(worker.buffers()::release));
            assertEquals("body", client.response().body());
        }
    }

    private static void takeAll(BufferPool buffers, List<ByteBuffer> into) {
        for (ByteBuffer buffer = buffers.acquire(); buffer != null; buffer = buffers.acquire()) {
            into.add(buffer);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LONGER_THAN_SILENCE_MS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<Void> sendBulk(HttpPeer client) {
        return CompletableFuture.runAsync(() -> {
            try {
                client.send(new byte[BULK_BYTES]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void resetsATunnelInWhichNothingMoves() throws Exception {
        assertTunnelIsReset("pool: pool, timeouts: { tunnel: 1s }", _ -> { });
    }

    @Test
    void resetsATunnelInWhichNothingMovesForAsLongAsItsRouteSays() throws Exception {
        assertTunnelIsReset("routes: [{ pool: pool, timeouts: { tunnel: 1s } }]", _ -> { });
    }

    @Test
    void resetsATunnelThatIsHalfClosedForTooLong() throws Exception {
        assertTunnelIsReset("pool: pool, timeouts: { half-closed: 100ms }", HttpPeer::finish);
    }

    private static void assertTunnelIsReset(String listenerKeys, ClientStep step) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send(SWITCHED);
            Latches.await(over);
        });
             Sluice sluice = HttpSluice.launch(listenerKeys, NamedServer.entries(server), "");
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
                     "pool: pool, timeouts: { client: 500ms, keep-alive: 500ms, request-header: 500ms }",
                     NamedServer.entries(server), "timeouts: { response: 500ms, server: 500ms }");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(UPGRADE);
            assertEquals(101, client.response().status());
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < 1_500_000_000) {
                client.send("x");
                assertEquals("x", client.bytes(1));
                Thread.sleep(20);
            }
            assertFalse(sluice.stats().sum(Counter.CONNECTIONS_ENDED) > 0);
        }
    }
}
