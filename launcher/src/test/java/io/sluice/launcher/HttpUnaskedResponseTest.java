package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server says on a kept connection without having been asked is nobody's response. */
class HttpUnaskedResponseTest {

    private static final String UNASKED = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nunasked";
    private static final String BUSY = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

    private final BlockingQueue<HttpPeer> connections = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isDroppedWhetherItComesBeforeTheNextRequestOrAfterIt(boolean before) throws Exception {
        try (HttpOrigin origin = origin("server"); Sluice sluice = HttpSluice.before(origin)) {
            assertEquals("server /2", answerTo("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n", before, sluice));
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void isDroppedBeforeARequestThatCouldNotBeRepeated() throws Exception {
        try (HttpOrigin origin = origin("server"); Sluice sluice = HttpSluice.before(origin)) {
            assertEquals("server /2",
                    answerTo("POST /2 HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi", false, sluice));
            assertEquals(2, origin.requests().size());
        }
    }

    @Test
    void isDroppedWithoutRetriesToo() throws Exception {
        try (HttpOrigin origin = origin("server");
             Sluice sluice = HttpSluice.before("retry: { on: [] }", origin)) {
            assertEquals("server /2", answerTo("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n", false, sluice));
        }
    }

    /** The other server's answer leads to a retry in the very cycle in which the kept connection says something. */
    @Test
    void isDroppedIfTheConnectionIsTakenForARetry() throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", (_, peer, _) -> connections.add(peer));
             HttpOrigin other = origin("other");
             Sluice sluice = HttpSluice.before("balance: first, retry: { on: [idle-closed, 503] }", busy, other);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET /1 HTTP/1.1\r\nHost: test\r\n\r\n");
            connections.take().send(BUSY);
            assertEquals("other /1", client.response().body());
            HttpPeer kept = connections.take();
            client.send("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n");
            HttpPeer refusing = connections.take();
            HttpSluice.whileHeld(sluice, () -> {
                refusing.send(BUSY);
                kept.send(UNASKED);
            });
            assertEquals("other /2", client.response().body());
        }
    }

    /**
     * The other server's answer has a reset behind it, which is seen first, since the request's long head leaves in
     * several writes. So an event of both kinds leads to the retry, and must not have what it says read.
     */
    @Test
    void isDroppedIfTheConnectionIsTakenForARetryWhileTheRequestIsWritten() throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", (_, peer, _) -> connections.add(peer));
             HttpOrigin other = origin("other");
             Sluice sluice = HttpSluice.launch("pool: pool, limits: { header-bytes: 64KiB }",
                     "[" + busy.entry("max-connections: 1") + ", " + other.entry("") + "]",
                     "balance: first, retry: { on: [idle-closed, 503] }");
             HttpPeer client = HttpPeer.to(sluice); HttpPeer first = HttpPeer.to(sluice)) {
            first.send("GET /0 HTTP/1.1\r\nHost: test\r\n\r\n");
            HttpPeer refusing = connections.take();
            assertEquals("other /1", client.get("/1").body());
            HttpPeer kept = connections.take();
            refusing.send(HttpOrigin.ok("busy /0"));
            assertEquals("busy /0", first.response().body());
            client.send("GET /2 HTTP/1.1\r\nHost: test\r\nX: " + "x".repeat(48 * 1024) + "\r\n");
            HttpSluice.awaitCycle(sluice);
            HttpSluice.whileHeld(sluice, () -> client.send("\r\n"), () -> {
                refusing.send(BUSY);
                refusing.reset();
                kept.send(UNASKED);
            });
            assertEquals("other /2", client.response().body());
        }
    }

    /** It comes when the cycle has looked for events, and a reset behind it; so the request cannot be written. */
    @Test
    void isDroppedIfAResetComesBehindIt() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, request) -> {
                 connections.add(peer);
                 if (!request.target().equals("/held")) {
                     HttpOrigin.NAME_AND_TARGET.answer(name, peer, request);
                 }
             });
             Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
            client.send("GET /held HTTP/1.1\r\nHost: test\r\n\r\nGET /next HTTP/1.1\r\nHost: test\r\n\r\n");
            HttpPeer held = connections.take();
            assertEquals("server /1", other.get("/1").body());
            HttpPeer kept = connections.take();
            HttpSluice.whileHeld(sluice, () -> held.send(HttpOrigin.ok("held")), () -> {
                kept.send(UNASKED);
                kept.reset();
                origin.awaitConnectionEnd();
            });
            assertEquals("held", client.response().body());
            assertEquals("server /next", client.response().body());
            assertEquals(3, origin.connections());
        }
    }

    /** What a client gets for its second request when the kept connection says something in the same cycle. */
    private String answerTo(String request, boolean unaskedFirst, Sluice sluice) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /1", client.get("/1").body());
            HttpPeer kept = connections.take();
            HttpSluice.whileHeld(sluice, () -> {
                if (unaskedFirst) {
                    kept.send(UNASKED);
                }
                client.send(request);
                if (!unaskedFirst) {
                    kept.send(UNASKED);
                }
            });
            return client.response().body();
        }
    }

    private HttpOrigin origin(String name) throws Exception {
        return HttpOrigin.start(name, (_, peer, request) -> {
            connections.add(peer);
            HttpOrigin.NAME_AND_TARGET.answer(name, peer, request);
        });
    }
}
