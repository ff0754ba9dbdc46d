package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route says of limits and times counts in place of what its listener and its pool say. */
class HttpRouteLimitsTest {

    private static final String LIMITED = """
            limits: { body-bytes: 1000 }, routes: [
              { match: { path: /large }, pool: pool, limits: { body-bytes: 4KiB } },
              { match: { path: /small }, pool: pool, limits: { body-bytes: 10 } },
              { match: { path: /bodiless }, pool: pool, limits: { body-bytes: 0 } },
              { match: { path: /any }, pool: pool, limits: { body-bytes: unlimited } },
              { match: { path: /slow }, pool: pool, timeouts: { response: 1m } },
              { match: { path: /split }, split: [{ pool: pool, weight: 100 }, { pool: pool, weight: 0 }],
                limits: { body-bytes: 10 } },
              { match: { path: /respond }, respond: { body: hello } },
              { pool: pool } ]""";

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of(200, "/large", 4096), Arguments.of(413, "/large", 4097),
                Arguments.of(200, "/small", 10), Arguments.of(413, "/small", 11),
                Arguments.of(413, "/bodiless", 1), Arguments.of(200, "/any", 5000),
                Arguments.of(413, "/split", 11), Arguments.of(413, "/slow", 1001),
                Arguments.of(200, "/", 1000), Arguments.of(413, "/", 1001));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void boundsABodyWithALength(int status, String path, int lengthBytes) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = limited(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(post(path, "Content-Length: " + lengthBytes) + "x".repeat(lengthBytes));
            assertAnswer(status, client, origin, lengthBytes);
            assertEquals(status == 200 ? 1 : 0, origin.connections(), "refused before a server is asked");
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void boundsABodyThatComesInChunks(int status, String path, int lengthBytes) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = limited(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            String allButOne = lengthBytes == 1 ? "" : Integer.toHexString(lengthBytes - 1) + "\r\n"
                    + "x".repeat(lengthBytes - 1) + "\r\n";
            client.send(post(path, "Transfer-Encoding: chunked") + allButOne + "1\r\nx\r\n0\r\n\r\n");
            assertAnswer(status, client, origin, lengthBytes);
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    private static void assertAnswer(int status, HttpPeer client, HttpOrigin origin, int lengthBytes) throws Exception {
        HttpMessage answer = client.response();
        assertEquals(status, answer.status());
        if (status == 200) {
            assertEquals(lengthBytes, origin.nextRequest().body().length());
            client.leave();
        } else {
            assertEquals("close", answer.field("Connection"));
            client.finish();
            assertEquals("", client.rest());
            assertEquals(0, origin.requests().size());
        }
    }

    /** It must not be told to go on first. */
    @ParameterizedTest
    @ValueSource(strings = {"/small", "/slow"})
    void refusesATooLongBodyOfAClientThatWaitsToBeToldToSendIt(String path) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = limited(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(post(path, "Content-Length: 1001\r\nExpect: 100-continue"));
            assertEquals(413, client.response().status());
            assertEquals(0, origin.connections());
        }
    }

    @Test
    void letsAClientSendMoreThanTheListenerAllowsThatWaitsToBeToldTo() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            peer.send(HttpOrigin.ok(peer.bytes(2000).length() + " bytes"));
        });
             Sluice sluice = HttpSluice.launch(LIMITED, NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(post("/large", "Content-Length: 2000\r\nExpect: 100-continue"));
            assertEquals(100, client.response().status());
            client.send("x".repeat(2000));
            assertEquals("2000 bytes", client.response().body());
        }
    }

    @Test
    void boundsBodiesAsTheListenerSaysWhereSluiceAnswersByItself() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = limited(origin);
             HttpPeer client = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
            client.send(post("/respond", "Content-Length: 1000") + "x".repeat(1000));
            assertEquals("hello", client.response().body());
            other.send(post("/respond", "Content-Length: 1001"));
            assertEquals(413, other.response().status());
        }
    }

    /** The other request waits for a shorter time, so when that is over, the first has waited for longer. */
    @Test
    void waitsForAResponseAsLongAsTheRouteSays() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            Latches.await(mayAnswer);
            peer.send(HttpOrigin.ok("report"));
        });
             Sluice sluice = HttpSluice.launch(LIMITED, HttpOrigin.entries(origin), "timeouts: { response: 50ms }");
             HttpPeer slow = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
            slow.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n");
            origin.nextRequest();
            assertEquals(504, other.get("/").status());
            mayAnswer.countDown();
            assertEquals("report", slow.response().body());
        }
    }

    @Test
    void answers504WhereTheRouteHasLessTimeThanThePool() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, _, _) -> Latches.await(over));
             Sluice sluice = HttpSluice.launch("routes: [{ pool: pool, timeouts: { response: 50ms } }]",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(504, client.get("/").status());
            over.countDown();
        }
    }

    @Test
    void bearsSilenceWithinAResponseAsLongAsTheRouteSays() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
            Latches.await(mayGoOn);
            peer.send("-last");
        });
             Sluice sluice = HttpSluice.launch("""
                     routes: [{ match: { path: /slow }, pool: pool, timeouts: { server: 1m } },
                              { pool: pool }]""",
                     HttpOrigin.entries(origin), "timeouts: { server: 50ms }");
             HttpPeer slow = HttpPeer.to(sluice); HttpPeer fast = HttpPeer.to(sluice)) {
            slow.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n");
            slow.head();
            assertEquals("first", slow.bytes(5));
            fast.send("GET /fast HTTP/1.1\r\nHost: test\r\n\r\n");
            assertTrue(fast.awaitEndByReset());
            mayGoOn.countDown();
            assertEquals("-last", slow.bytes(5));
        }
    }

    private static Sluice limited(HttpOrigin origin) throws Exception {
        return HttpSluice.launch(LIMITED, HttpOrigin.entries(origin), "");
    }

    private static String post(String path, String fields) {
        return "POST " + path + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n\r\n";
    }
}
