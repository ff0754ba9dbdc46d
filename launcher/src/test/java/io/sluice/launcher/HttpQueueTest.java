package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of requests while their server has as many as it may have. */
class HttpQueueTest {

    private final CountDownLatch release = new CountDownLatch(1);
    private HttpOrigin origin;
    private Sluice sluice;
    private HttpPeer holder;

    @BeforeEach
    void startOrigin() throws Exception {
        origin = HttpOrigin.start("server", (_, peer, _) -> {
            Latches.await(release);
            peer.send(HttpOrigin.ok("late"));
        });
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        holder.close();
        sluice.close();
        origin.close();
    }

    @Test
    void answers503WithRetryAfterWhenItTakesTooLong() throws Exception {
        occupy("max-queue: 1, timeouts: { queue: 50ms }");
        try (HttpPeer waiting = HttpPeer.to(sluice)) {
            HttpMessage response = waiting.get("/waiting");
            assertEquals(503, response.status());
            assertTrue(response.has("Retry-After"));
            assertHolderIsServed();
        }
    }

    @Test
    void answers503WithRetryAfterWhenTheQueueIsFull() throws Exception {
        occupy("max-queue: 1");
        try (HttpPeer waiting = HttpPeer.to(sluice); HttpPeer surplus = HttpPeer.to(sluice)) {
            waiting.send("GET /waiting HTTP/1.1\r\nHost: test\r\n\r\n");
            awaitQueueLength(1);
            HttpMessage response = surplus.get("/surplus");
            assertEquals(503, response.status());
            assertTrue(response.has("Retry-After"));
            assertHolderIsServed();
            assertEquals("late", waiting.response().body());
        }
    }

    @Test
    void servesABodyThatCameMeanwhile() throws Exception {
        occupy("max-queue: 1");
        try (HttpPeer waiting = HttpPeer.to(sluice)) {
            waiting.send("POST /waiting HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n01");
            awaitQueueLength(1);
            waiting.send("23456");
            HttpSluice.awaitCycle(sluice);
            waiting.send("789GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
            assertHolderIsServed();
            assertEquals("late", waiting.response().body());
            assertEquals("0123456789", origin.nextRequest().body());
            assertEquals("late", waiting.response().body());
            assertEquals("/next", origin.nextRequest().target());
        }
    }

    @Test
    void forgetsAClientThatEndsItsDirection() throws Exception {
        occupy("max-queue: 1");
        try (HttpPeer waiting = HttpPeer.to(sluice)) {
            waiting.send("GET /waiting HTTP/1.1\r\nHost: test\r\n\r\n");
            awaitQueueLength(1);
            waiting.finish();
            awaitQueueLength(0);
            assertHolderIsServed();
            assertEquals(1, origin.requests().size());
        }
    }

    @Test
    void forgetsAClientThatLeavesWithItsBodyHalfSent() throws Exception {
        occupy("max-queue: 1");
        try (HttpPeer waiting = HttpPeer.to(sluice)) {
            waiting.send("POST /waiting HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf");
            awaitQueueLength(1);
            waiting.leave();
            awaitQueueLength(0);
            assertHolderIsServed();
            assertEquals(1, origin.requests().size());
        }
    }

    @Test
    void forgetsAClientThatResetsWithItsWholeBodySent() throws Exception {
        occupy("max-queue: 1");
        try (HttpPeer waiting = HttpPeer.to(sluice)) {
            waiting.send("POST /waiting HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody");
            awaitQueueLength(1);
            waiting.reset();
            awaitQueueLength(0);
            assertHolderIsServed();
            assertEquals(1, origin.requests().size());
        }
    }

    /** Has one client take the only slot of the server. */
    private void occupy(String poolKeys) throws Exception {
        sluice = HttpSluice.launch("pool: pool", "[" + origin.entry("max-connections: 1") + "]", poolKeys);
        holder = HttpPeer.to(sluice);
        holder.send("GET /holder HTTP/1.1\r\nHost: test\r\n\r\n");
        origin.nextRequest();
    }

    private void awaitQueueLength(int length) {
        await().until(() -> sluice.pools().get("pool").queueLength() == length);
    }

    private void assertHolderIsServed() throws Exception {
        release.countDown();
        assertEquals("late", holder.response().body());
    }
}
