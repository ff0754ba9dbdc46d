package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

    @Test
    void aClientWaitsForTheServerThatItsCookieNames() throws Exception {
        HttpOrigin.Answering answering = (name, peer, request) -> {
            if (request.target().equals("/held")) {
                Latches.await(release);
            }
            HttpOrigin.NAME_AND_TARGET.answer(name, peer, request);
        };
        try (HttpOrigin a = HttpOrigin.start("a", answering); HttpOrigin b = HttpOrigin.start("b", answering)) {
            sluice = HttpSluice.launch("pool: pool", "[" + a.entry("max-connections: 1") + ", "
                    + b.entry("max-connections: 1") + "]", "sticky: { cookie: SRV }, max-queue: 1");
            holder = HttpPeer.to(sluice);
            HttpMessage first = holder.get("/");
            HttpOrigin own = first.body().equals("a /") ? a : b;
            String name = own == a ? "a" : "b";
            String cookie = "Cookie: " + first.field("Set-Cookie").split(";")[0];
            own.nextRequest();
            holder.send("GET /held HTTP/1.1\r\nHost: test\r\n" + cookie + "\r\n\r\n");
            own.nextRequest();
            try (HttpPeer waiting = HttpPeer.to(sluice); HttpPeer surplus = HttpPeer.to(sluice);
                 HttpPeer newcomer = HttpPeer.to(sluice)) {
                waiting.send("GET /waiting HTTP/1.1\r\nHost: test\r\n" + cookie + "\r\n\r\n");
                awaitQueueLength(1);
                String other = (own == a ? "b" : "a") + " /";
                assertEquals(other, newcomer.get("/").body());
                HttpMessage elsewhere = surplus.get("/", cookie);
                assertEquals(other, elsewhere.body());
                assertTrue(elsewhere.has("Set-Cookie"));
                release.countDown();
                assertEquals(name + " /held", holder.response().body());
                HttpMessage response = waiting.response();
                assertEquals(name + " /waiting", response.body());
                assertFalse(response.has("Set-Cookie"));
            }
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
        await().until(() -> InProcess.queueLength(sluice) == length);
    }

    private void assertHolderIsServed() throws Exception {
        release.countDown();
        assertEquals("late", holder.response().body());
    }
}
