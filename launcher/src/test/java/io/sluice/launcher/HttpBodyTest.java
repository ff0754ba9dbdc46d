package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.Loopback;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Bodies pass in both directions, whole or visibly cut short, in one framing that each side understands. */
class HttpBodyTest {

    /** With 10240 it takes some half a minute. */
    private static final long STREAMED_MIB = Long.getLong("sluice.test.body-mib", 128);

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String MANY_CHUNKS = "3;a=b\r\nabc\r\n0004 ;x\r\ndefg\r\n1\r\nh\r\n0;end\r\nX-Sum: 8\r\n\r\n";

    @Test
    void passesChunksOnWithoutTheirExtensionsAndWithTheirTrailers() throws Exception {
        try (HttpOrigin origin = HttpOrigin.saying(CHUNKED + MANY_CHUNKS); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                HttpMessage response = client.get("/");
                assertEquals("abcdefgh", response.body());
                assertEquals(List.of("X-Sum: 8"), response.trailers());
            }
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void passesChunksOnHoweverTheyAreCut() throws Exception {
        // The trailers become longer by a space.
        String response = CHUNKED + MANY_CHUNKS.replace("0;end\r\nX-Sum: 8", "0\r\nX-Sum:8");
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) -> {
            int cut = Integer.parseInt(request.target().substring(1));
            peer.send(response.substring(0, cut));
            peer.send(response.substring(cut));
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            for (int cut = 0; cut <= response.length(); cut++) {
                HttpMessage passed = client.get("/" + cut);
                assertEquals("abcdefgh", passed.body());
                assertEquals(List.of("X-Sum: 8"), passed.trailers());
            }
        }
    }

    /** Such a head has no room before the body, which was read with it; there may be some behind it. */
    @Test
    void losesNothingOfABodyWhoseHeadGetsMuchLonger() throws Exception {
        String edits = "{ set: { X-Long: " + "y".repeat(2000) + " } }";
        try (HttpOrigin origin = HttpOrigin.start("server",
                (_, client, request) -> client.send(HttpOrigin.ok(request.body())));
             Sluice sluice = HttpSluice.launch("routes: [{ pool: pool, request-headers: " + edits
                     + ", response-headers: " + edits + " }]", HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            String text = IntStream.range(0, 10_000).mapToObj(Integer::toString).collect(Collectors.joining());
            // The last ones fill a buffer.
            for (int length = 1; length < 33_000; length += length < 29_000 ? 1000 : 50) {
                String body = text.substring(0, length);
                String request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n" + body;
                client.send(request + request);
                assertEquals(body, client.response().body());
                assertEquals(body, client.response().body());
            }
        }
    }

    @Test
    void takesChunksApartForHttp10() throws Exception {
        try (HttpOrigin origin = HttpOrigin.saying(CHUNKED + MANY_CHUNKS); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            HttpMessage response = client.response();
            assertEquals("abcdefgh", response.body());
            assertFalse(response.has("Transfer-Encoding"));
            assertEquals("close", response.field("Connection"));
        }
    }

    @Test
    void losesNothingOfChunksThatASlowClientTakes() throws Exception {
        int chunks = 500_000;
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send(CHUNKED);
            StringBuilder some = new StringBuilder();
            for (int i = 0; i < chunks; i++) {
                some.append("20;ext\r\n").append("%032x".formatted(i)).append("\r\n");
                if (some.length() > 60_000) {
                    peer.send(some.toString());
                    some.setLength(0);
                }
            }
            peer.send(some + "0\r\n\r\n");
        });
             Sluice sluice = HttpSluice.before(origin)) {
            for (String version : List.of("1.0", "1.1")) {
                try (HttpPeer client = HttpPeer.slowTo(sluice)) {
                    client.send("GET / HTTP/" + version + "\r\nHost: test\r\n\r\n");
                    await().until(() -> HttpSluice.buffersInUse(sluice.workers().getFirst()) > 0);
                    String body = client.response().body();
                    assertEquals(32 * chunks, body.length());
                    for (int i = 0; i < chunks; i++) {
                        assertEquals(i, Integer.parseInt(body, 32 * i, 32 * i + 32, 16));
                    }
                }
            }
        }
    }

    @Test
    void makesChunksOfABodyUntilClose() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\n\r\nabc");
            peer.send("defgh");
            peer.leave();
        });
             Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice); HttpPeer old = HttpPeer.to(sluice)) {
            for (int i = 0; i < 2; i++) {
                HttpMessage response = client.get("/");
                assertEquals("abcdefgh", response.body());
                assertEquals("chunked", response.field("Transfer-Encoding"));
            }
            old.send("GET / HTTP/1.0\r\n\r\n");
            HttpMessage response = old.response();
            assertEquals("abcdefgh", response.body());
            assertFalse(response.has("Transfer-Encoding"));
        }
    }

    @Test
    void knowsWhichResponsesHaveNoBody() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) -> peer.send(switch (request.target()) {
            case "/204" -> "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";
            case "/304" -> "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n";
            case "/empty" -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            default -> "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + (request.startLine().startsWith("HEAD")
                    ? "" : "content");
        }));
             Sluice sluice = HttpSluice.launch("routes: [{ match: { path: /own-204 }, respond: { status: 204 } }, "
                     + "{ match: { path: /own-304 }, respond: { status: 304 } }, { pool: pool }]",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                assertFalse(client.get("/own-204").has("Content-Length"));
                assertFalse(client.get("/own-304").has("Content-Length"));
                assertFalse(client.get("/204").has("Content-Length"));
                assertEquals("7", client.get("/304").field("Content-Length"));
                HttpMessage empty = client.get("/empty");
                assertEquals("0", empty.field("Content-Length"));
                client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
                assertEquals("7", client.responseWithoutBody().field("Content-Length"));
                assertEquals("content", client.get("/").body());
            }
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void passesRequestBodiesOnByteByByte() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) ->
                peer.send(HttpOrigin.ok(request.body() + request.trailers())));
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.trickle("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 11\r\n\r\nhello world");
            assertEquals("hello world[]", client.response().body());
            client.trickle("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + MANY_CHUNKS);
            assertEquals("abcdefgh[X-Sum: 8]", client.response().body());
            client.trickle("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
            assertEquals("[]", client.response().body());
            assertEquals("0", origin.requests().getLast().field("Content-Length"));
        }
    }

    @Test
    void streamsBothWaysAtOnceInBoundedMemory() throws Exception {
        long size = STREAMED_MIB << 20;
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            copy(peer.input(), socket.getOutputStream(), size);
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + size + "\r\n\r\n");
            CRC32 sent = new CRC32();
            Thread sender = Thread.startVirtualThread(() -> sendNoise(client, size, sent));
            assertEquals(200, client.head().status());
            CRC32 received = new CRC32();
            byte[] some = new byte[64 * 1024];
            int most = 0;
            for (long left = size; left > 0; ) {
                int count = client.input().read(some, 0, (int) Math.min(left, some.length));
                assertTrue(count > 0, "ended early");
                received.update(some, 0, count);
                left -= count;
                if (left % 1024 == 0) {
                    most = Math.max(most, HttpSluice.buffersInUse(sluice.workers().getFirst()));
                }
            }
            sender.join();
            assertEquals(sent.getValue(), received.getValue());
            assertTrue(most <= 3, "buffers in use: " + most);
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void aTruncatedResponseNeverLooksComplete() throws Exception {
        for (String response : List.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", CHUNKED + "5\r\nabc",
                CHUNKED + "3\r\nabc\r\n", CHUNKED + "3\r\nabc\r\n0\r\n", CHUNKED + "3\r\nabc\r\n0\r\nX-T: 1\r\n")) {
            try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
                peer.send(response);
                peer.leave();
            });
                 Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
                assertThrows(IOException.class, () -> client.get("/"), response);
                HttpSluice.awaitNothingHeld(sluice);
            }
        }
    }

    @Test
    void aResponseUntilCloseThatIsResetNeverLooksComplete() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\n\r\nabc");
            Latches.await(seen);
            peer.reset();
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            client.head();
            assertEquals("3", client.line());
            seen.countDown();
            assertThrows(IOException.class, () -> {
                if (!client.rest().endsWith("0\r\n\r\n")) {
                    throw new EOFException();
                }
            });
        }
    }

    /** The write that fails takes the reset: a read behind it would see an orderly end. */
    @Test
    void aResponseUntilCloseNeverLooksCompleteIfAWriteMeetsTheReset() throws Exception {
        CountDownLatch polled = new CountDownLatch(1);
        CountDownLatch reset = new CountDownLatch(1);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send("HTTP/1.1 200 OK\r\n\r\nabc");
            Latches.await(polled);
            peer.reset();
            reset.countDown();
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n");
            client.head();
            assertEquals("3", client.line());
            Loopback.Pair other = Loopback.pair();
            HttpSluice.onWorker(sluice, () -> holdCycle(sluice, other, polled, reset));
            HttpSluice.whileHeld(sluice, () -> {
                client.send("more");
                Loopback.send(other.far(), "x");
            });
            assertThrows(IOException.class, () -> {
                if (!client.rest().endsWith("0\r\n\r\n")) {
                    throw new EOFException();
                }
            });
        }
    }

    /** Stops the worker between polling and clients' events as soon as a byte comes, until there is the reset. */
    private static void holdCycle(Sluice sluice, Loopback.Pair other, CountDownLatch polled, CountDownLatch reset) {
        EventLoop loop = sluice.workers().getFirst().loop();
        Connection.toServer(loop, other.near(), new ConnectionOwner() {
            @Override
            public void onReady(Connection ready, int readyOps) {
                ready.close();
                polled.countDown();
                try {
                    Latches.await(reset);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void onFailure(Connection failed, RuntimeException failure) {
                throw failure;
            }
        }).wantRead(true);
    }

    @Test
    void leavesTheServerInPeaceWhenAClientDoesNotReadTheEnd() throws Exception {
        byte[] body = new byte[8 * 1024 * 1024];
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n");
            peer.send(body);
            peer.leave();
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.slowTo(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> HttpSluice.buffersInUse(sluice.workers().getFirst()) > 0);
            assertEquals(body.length, client.response().body().length());
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    private static void copy(InputStream from, OutputStream to, long size) throws IOException {
        byte[] some = new byte[64 * 1024];
        for (long left = size; left > 0; ) {
            int count = from.read(some, 0, (int) Math.min(left, some.length));
            if (count < 0) {
                throw new EOFException();
            }
            to.write(some, 0, count);
            left -= count;
        }
    }

    /** No two blocks of it are the same. */
    private static void sendNoise(HttpPeer client, long size, CRC32 sum) {
        byte[] some = new byte[64 * 1024];
        new Random(42).nextBytes(some);
        ByteBuffer numbered = ByteBuffer.wrap(some);
        try {
            for (long left = size; left > 0; left -= some.length) {
                numbered.putLong(0, left);
                sum.update(some);
                client.send(some);
            }
        } catch (IOException e) {
            // The reader will say what was missing.
        }
    }
}
