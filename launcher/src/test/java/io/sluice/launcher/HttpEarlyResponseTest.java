package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import io.sluice.core.stats.Tally;
import io.sluice.core.stats.TrafficCount;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A server answers without taking the request's body. That may have been read to its end when its last bytes wait for
 * room towards the server: then there is a next request to serve, and a server's connection to close.
 */
class HttpEarlyResponseTest {

    private static final String CHUNK = "3e8\r\n" + "x".repeat(1000) + "\r\n";
    private static final String LAST_CHUNK = "0\r\n\r\n";
    private static final int MOST_CHUNKS = 16 * 1024;
    /** Much less than a buffer holds, so that some of the bodies end in a buffer that waits for room. */
    private static final int FEW_CHUNKS = 4;

    private final Semaphore answers = new Semaphore(0);
    private final Semaphore answered = new Semaphore(0);

    /** How much the kernel takes of a body is searched for, so that also the bodies around that are sent. */
    @Test
    void servesTheNextRequestHoweverMuchOfTheBodyHasLeft() throws Exception {
        try (NamedServer server = NamedServer.start("server", this::serve);
             Sluice sluice = InProcess.launch("""
                     workers: 1
                     buffers: { size: 1MiB }
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, access-log: off, pool: pool }]
                     pools: { pool: { servers: %s } }
                     """.formatted(NamedServer.entries(server)))) {
            int taken = 0;
            int tooMany = MOST_CHUNKS;
            while (tooMany - taken > FEW_CHUNKS) {
                int count = (taken + tooMany) / 2;
                if (isServedBehind(count, sluice)) {
                    taken = count;
                } else {
                    tooMany = count;
                }
            }
            assertTrue(taken > 0 && tooMany < MOST_CHUNKS, () -> "the search has found no bound");
        }
    }

    /** Also one that has announced this as its last request: it has not sent all of it. */
    @Test
    void losesNoEarlyResponseOverTheRestOfALastRequest() throws Exception {
        String page = "x".repeat(9000);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
                 HttpPeer peer = HttpPeer.on(socket);
                 peer.head();
                 peer.send(HttpOrigin.ok(page));
                 peer.hasMore();
             });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.slowTo(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n");
            Awaitility.await().until(() -> sluice.stats().sum(Counter.HTTP_REQUESTS) == 1);
            Awaitility.await().until(() -> InProcess.server(sluice, "server").connections() == 0);
            client.send("x".repeat(1_000_000));
            HttpSluice.awaitCycle(sluice);
            assertEquals(page, client.response().body());
            assertFalse(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** Whether the client's connection stays behind a body of so many chunks; if so, its next requests are served. */
    private boolean isServedBehind(int chunks, Sluice sluice) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            Thread.startVirtualThread(() -> sendQuietly(client, "POST /" + chunks + " HTTP/1.1\r\nHost: test\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n" + CHUNK.repeat(chunks) + LAST_CHUNK
                    + "GET /next HTTP/1.1\r\nHost: test\r\n\r\n"));
            awaitStandstill(sluice);
            answers.release();
            HttpMessage early = client.response();
            assertEquals("early", early.body());
            answered.release();
            if (early.has("Connection")) {
                return false;
            }
            assertEquals("server /next", client.response().body(), () -> "behind " + chunks + " chunks");
            assertEquals("server /last", client.get("/last").body());
            return true;
        }
    }

    /** Waits until the server has been sent the body, or takes no more of it. */
    private static void awaitStandstill(Sluice sluice) {
        AtomicLong sent = new AtomicLong();
        Awaitility.await().pollInterval(Duration.ofMillis(2)).during(Duration.ofMillis(20)).until(() -> {
            long now = Tally.sum(InProcess.server(sluice, "server").traffic(), TrafficCount.SENT_BYTES);
            return sent.getAndSet(now) == now && now > 0;
        });
    }

    private static void sendQuietly(HttpPeer client, String text) {
        try {
            client.send(text);
        } catch (IOException e) {
            // Sluice does not take all of a body that the server does not take.
        }
    }

    private void serve(String name, Socket socket) throws IOException {
        HttpPeer peer = HttpPeer.on(socket);
        while (peer.hasMore()) {
            HttpMessage head = peer.head();
            if (head.has("Transfer-Encoding")) {
                await(answers);
                peer.send(HttpOrigin.ok("early"));
                await(answered);
                peer.bytes(Integer.parseInt(head.target().substring(1)) * CHUNK.length() + LAST_CHUNK.length());
            } else {
                peer.send(HttpOrigin.ok(name + " " + head.target()));
            }
        }
    }

    private static void await(Semaphore event) throws IOException {
        try {
            assertTrue(event.tryAcquire(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
