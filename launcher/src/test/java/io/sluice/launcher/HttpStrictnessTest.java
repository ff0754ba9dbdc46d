package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two readers could understand in two ways is refused, the connection closed, and no server sees any of it. */
class HttpStrictnessTest {

    private static final String HOST = "Host: test\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";

    private static HttpOrigin origin;
    private static Sluice sluice;

    @BeforeAll
    static void start() throws Exception {
        origin = HttpOrigin.start("server");
        sluice = HttpSluice.launch("pool: pool, limits: { header-bytes: 2KiB, headers: 16, uri-bytes: 256, "
                + "body-bytes: 1000 }", HttpOrigin.entries(origin), "");
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
        origin.close();
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                refused(400, post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + SMUGGLED)),
                refused(400, post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n" + SMUGGLED)),
                refused(400, post("Content-Length: 4\r\nContent-Length: 5\r\n", "12345")),
                refused(400, post("Content-Length: 4, 5\r\n", "12345")),
                refused(400, post("Content-Length: +5\r\n", "12345")),
                refused(400, post("Content-Length: -5\r\n", "12345")),
                refused(400, post("Content-Length: 0x5\r\n", "12345")),
                refused(400, post("Content-Length: 5 5\r\n", "12345")),
                refused(400, post("Content-Length:\r\n", "12345")),
                refused(400, post("Content-Length: 99999999999999999999\r\n", "12345")),
                refused(400, post("Content-Length : 5\r\n", "12345")),
                refused(400, post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")),
                refused(400, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
                refused(501, post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
                refused(501, post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")),
                refused(400, post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n")),
                refused(400, post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")),
                refused(400, post("Transfer-Encoding:\u000bchunked\r\n", "0\r\n\r\n")),
                refused(400, "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\n" + "Host: test\n\n"),
                refused(400, "GET / HTTP/1.1\r\n" + HOST + "X: a\nY: b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\n" + HOST + "X: a\rY: b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\n" + HOST + "X: a\0b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\n" + HOST + "X\0: b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\n" + HOST + ": b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\n" + HOST + "no colon\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\n" + HOST + "Host: other\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: user@test\r\n\r\n"),
                refused(400, "GET http://other/ HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "GET  / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "GET / HTTP/1.1 \r\n" + HOST + "\r\n"),
                refused(400, "GET /\u0001 HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "GET /a#b HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(505, "GET / HTTP/2.0\r\n" + HOST + "\r\n"),
                refused(414, "GET /" + "a".repeat(300) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(431, "GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(3000) + "\r\n\r\n"),
                refused(431, "GET / HTTP/1.1\r\n" + HOST + "X: 1\r\n".repeat(20) + "\r\n"),
                refused(413, post("Content-Length: 1001\r\n", "")),
                // What is behind it is meant for the tunnel.
                refused(405, "CONNECT test:443 HTTP/1.1\r\nHost: test:443\r\n\r\n"));
    }

    /** The answer to HEAD has no body (RFC 9110, section 9.3.2), whatever is wrong behind the method. */
    @ParameterizedTest
    @ValueSource(strings = {
            "HEAD  / HTTP/1.1\r\n", "HEAD /a#b HTTP/1.1\r\n", "HEAD * HTTP/1.1\r\n", "HEAD / HTTP/2.0\r\n", "HEAD /\n",
            "HEAD / HTTP/1.1\r\nno colon\r\n"
    })
    void refusesHeadWithoutABody(String request) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(request);
            HttpMessage response = client.responseWithoutBody();
            assertTrue(response.status() >= 400, response::startLine);
            assertEquals("close", response.field("Connection"));
            assertEquals("", client.rest());
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void refuses(int status, String request) throws Exception {
        int before = origin.requests().size();
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(request + SMUGGLED);
            HttpMessage response = client.response();
            assertEquals(status, response.status());
            assertEquals("close", response.field("Connection"));
            client.finish();
            assertFalse(client.awaitEndByReset(), "the answer could have been lost");
            assertEquals(before, origin.requests().size());
        }
        HttpSluice.awaitNothingHeld(sluice);
    }

    /** Too large by its length, or malformed behind what tells how the client would like to be answered. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1001\r\n\r\n", "X : 1\r\n\r\n"})
    void refusesInTheShapeThatTheHeadHasAskedFor(String fault) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Accept: application/json\r\n" + fault);
            assertEquals("application/json", client.response().field("Content-Type"));
            other.send("HEAD / HTTP/1.1\r\n" + HOST + fault);
            other.responseWithoutBody();
            assertEquals("", other.rest());
        }
    }

    /** Where each ends is clear, so the connection may stay. */
    static Stream<Arguments> deniedRequests() {
        return Stream.of(
                refused(400, "GET /%00 HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "GET /%zz HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "GET /../x HTTP/1.1\r\n" + HOST + "\r\n"));
    }

    @ParameterizedTest
    @MethodSource("deniedRequests")
    void denies(int status, String request) throws Exception {
        int before = origin.requests().size();
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(request);
            assertEquals(status, client.response().status());
            assertEquals(before, origin.requests().size());
        }
        HttpSluice.awaitNothingHeld(sluice);
    }

    static Stream<Arguments> brokenBodies() {
        return Stream.of("5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n",
                "+5\r\nhello\r\n", "0x5\r\nhello\r\n", "\r\n5\r\nhello\r\n", "5 x\r\nhello\r\n",
                "fffffffffffffffff\r\n", "5;" + "x".repeat(300) + "\r\nhello\r\n", "0\r\nContent-Length: 5\r\n\r\n",
                "0\r\nX : 1\r\n\r\n")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void refusesABrokenChunkedBody(String body) throws Exception {
        int before = origin.requests().size();
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(post("Transfer-Encoding: chunked\r\n", body) + SMUGGLED);
            HttpMessage response = client.response();
            assertEquals(400, response.status());
            assertEquals("close", response.field("Connection"));
            assertEquals(before, origin.requests().size());
        }
        HttpSluice.awaitNothingHeld(sluice);
    }

    @Test
    void refusesAChunkedBodyThatGrowsTooLarge() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(post("Transfer-Encoding: chunked\r\n", "3e9\r\n" + "x".repeat(1001) + "\r\n0\r\n\r\n"));
            assertEquals(413, client.response().status());
        }
    }

    static Stream<Arguments> responses() {
        return Stream.of("nonsense\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", "HTTP/1.1 200 OK\r\nX : 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "HTTP/1.1 200 OK\r\nX: \0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "a".repeat(40_000) + "\r\n\r\n", "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nraw", "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nSet-Cookie: a=b\r\n\r\n")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("responses")
    void answers502InPlaceOfABadResponse(String response) throws Exception {
        try (HttpOrigin bad = HttpOrigin.start("bad", (_, peer, _) -> {
            peer.send(response);
            peer.finish();
        });
             Sluice before = HttpSluice.before(bad); HttpPeer client = HttpPeer.to(before)) {
            HttpMessage answer = client.get("/");
            assertEquals(502, answer.status());
            assertFalse(answer.body().contains("127.0.0.1"));
            assertEquals(502, client.get("/again").status());
            client.leave();
            HttpSluice.awaitNothingHeld(before);
            assertTrue(bad.requests().size() >= 2);
        }
    }

    private static String post(String fields, String body) {
        return "POST / HTTP/1.1\r\n" + HOST + fields + "\r\n" + body;
    }

    private static Arguments refused(int status, String request) {
        return Arguments.of(status, request);
    }
}
