package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No server sees a request that the client did not frame, and no client gets another one's response, whatever either of
 * them sends.
 */
class HttpSmugglingTest {

    private static final String HOST = "Host: test\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String CLOSE = "Connection: close\r\n";

    private static HttpOrigin origin;
    private static Sluice sluice;

    @BeforeAll
    static void start() throws Exception {
        origin = HttpOrigin.start("server");
        sluice = HttpSluice.before(origin);
    }

    @AfterEach
    void forget() {
        HttpSluice.awaitNothingHeld(sluice);
        origin.requests().clear();
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
        origin.close();
    }

    /** What a client sends in one go, the statuses that it gets, and the requests that the server sees. */
    static Stream<Arguments> requests() {
        return Stream.of(
                // A body that looks like a request is a body.
                sample(get("/a", "Content-Length: " + SMUGGLED.length() + "\r\n", SMUGGLED) + end(),
                        "200 200", "GET /a " + SMUGGLED, "GET /end "),
                sample(get("/a", CHUNKED, chunk(SMUGGLED) + "0\r\n\r\n") + end(),
                        "200 200", "GET /a " + SMUGGLED, "GET /end "),
                sample(post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello") + end(),
                        "200 200", "POST / hello", "GET /end "),
                sample(post("Content-Length: 5, 5\r\n", "hello") + end(), "200 200", "POST / hello", "GET /end "),
                sample(post("Content-Length: 0005\r\n", "hello") + end(), "200 200", "POST / hello", "GET /end "),
                sample(post("Content-Length: 0\r\n", "") + end(), "200 200", "POST / ", "GET /end "),
                sample(post("", "") + end(), "200 200", "POST / ", "GET /end "),
                sample(post("transfer-ENCODING:\t chunked \t\r\n", "0\r\n\r\n") + end(),
                        "200 200", "POST / ", "GET /end "),
                sample(post(CHUNKED, "5;a=b\r\nhello\r\n00\r\nX-Trailer: 1\r\n\r\n") + end(),
                        "200 200", "POST / hello", "GET /end "),
                // Pipelined behind a body that a server is to agree to first.
                sample(post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello") + end(),
                        "200 200", "POST / hello", "GET /end "),
                // Targets.
                sample("GET http://test/a?b HTTP/1.1\r\n" + HOST + CLOSE + "\r\n", "200", "GET /a?b "),
                sample("GET http://test HTTP/1.1\r\n" + HOST + CLOSE + "\r\n", "200", "GET / "),
                sample("GET HTTP://TEST/a/../b HTTP/1.1\r\n" + HOST + CLOSE + "\r\n", "200", "GET /b "),
                sample("OPTIONS * HTTP/1.1\r\n" + HOST + CLOSE + "\r\n", "200", "OPTIONS * "),
                sample("OPTIONS http://test HTTP/1.1\r\n" + HOST + CLOSE + "\r\n", "200", "OPTIONS * "),
                sample("OPTIONS http://test/ HTTP/1.1\r\n" + HOST + CLOSE + "\r\n", "200", "OPTIONS / "),
                sample("CONNECT test:80 HTTP/1.1\r\nHost: test:80\r\n" + CLOSE + "\r\n" + SMUGGLED, "405"),
                sample("CONNECT test:80 HTTP/1.1\r\nHost: test:80\r\nContent-Length: 3\r\n\r\nabc" + SMUGGLED, "405"),
                // What Connection names is for one connection only, and how long that lasts.
                sample("GET /a HTTP/1.1\r\n" + HOST + "Connection: close, X-Foo\r\nX-Foo: 1\r\n\r\n" + SMUGGLED,
                        "200", "GET /a "),
                sample("GET /a HTTP/1.1\r\n" + HOST + "Connection: X-Foo\r\nConnection: CLOSE\r\n\r\n" + SMUGGLED,
                        "200", "GET /a "),
                sample("GET /a HTTP/1.0\r\n" + HOST + "\r\n" + SMUGGLED, "200", "GET /a "),
                sample("GET /a HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\n\r\n" + end(),
                        "200 200", "GET /a ", "GET /end "),
                sample("POST /a HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"
                        + end(), "200 200", "POST /a hello", "GET /end "),
                // An upgrade with a body, and one that the server does not follow.
                sample(post("Connection: upgrade\r\nUpgrade: echo\r\nContent-Length: 5\r\n", "hello") + end(),
                        "200 200", "POST / hello", "GET /end "),
                sample(get("/a", "Connection: upgrade\r\nUpgrade: echo\r\n", "") + end(),
                        "200 200", "GET /a ", "GET /end "),
                sample("\r\n\r\n" + get("/a", "", "") + "\r\n" + end(), "200 200", "GET /a ", "GET /end "));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void theServerSeesWhatTheClientHasFramed(String sent, String statuses, List<String> seen) throws Exception {
        assertExchange(sent, statuses, seen);
    }

    /** Refused, and so is everything behind: where the next request begins is not known any more. */
    static Stream<String> refusedRequests() {
        return Stream.of(
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
                post("Transfer-Encoding: identity\r\n", ""),
                post("Transfer-Encoding: identity, chunked\r\n", "0\r\n\r\n"),
                post("Transfer-Encoding:\r\n", ""),
                post("Transfer-Encoding: ,\r\n", ""),
                post("Transfer-Encoding: chunked,\u00a0\r\n", "0\r\n\r\n"),
                post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"),
                post("Transfer-Encoding: chunked;a=b\r\n", "0\r\n\r\n"),
                post("Transfer-Encoding: chunk\r\n", "0\r\n\r\n"),
                post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n"),
                post(" Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                post("\tTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                post("X: y\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                post("X: y\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                post("Content-Length: 3\r\nTransfer-Encoding: \r\n chunked\r\n", "abc"),
                post("Content-Length: 3\r\nTransfer-Encoding: identity\r\n", "abc"),
                post("Content-Length: 3\r\nContent-Length:\r\n", "abc"),
                post("Content-Length: 3;\r\n", "abc"),
                post("Content-Length: 3,\r\n", "abc"),
                post("Content-Length: 3 \u000b\r\n", "abc"),
                post("Content-Length: \u0663\r\n", "abc"),
                post("Content-Length: 1_0\r\n", "abc"),
                post("Content-Length: 3.0\r\n", "abc"),
                post("Content-Length: 9223372036854775808\r\n", "abc"),
                post("Content-Length: 18446744073709551619\r\n", "abc"),
                post("Content-Length\0: 3\r\n", "abc"),
                post("Connection: Content-Length\r\nContent-Length: 3\r\n", "abc"),
                post("Connection: close, transfer-encoding\r\n" + CHUNKED, "0\r\n\r\n"),
                post("Connection: Host\r\n", ""),
                "GET http://test@other/ HTTP/1.1\r\n" + HOST + "\r\n",
                "GET http:///a HTTP/1.1\r\n" + HOST + "\r\n",
                "GET //other/a HTTP/1.1\r\nHost: test/\r\n\r\n",
                "GET ftp://test/a HTTP/1.1\r\n" + HOST + "\r\n",
                "GET test/a HTTP/1.1\r\n" + HOST + "\r\n",
                "GET * HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /a\\b HTTP/1.1\r\n" + HOST + "\r\n",
                "CONNECT /a HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /a HTTP/1.1\r\nHost: test\r\nHost: test\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: test, other\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: test:80:80\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: te\tst\r\n\r\n",
                "GET /a HTTP/1.1 HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /a http/1.1\r\n" + HOST + "\r\n",
                "GET /a HTTP/1.10\r\n" + HOST + "\r\n",
                "GET /a HTTP/01.1\r\n" + HOST + "\r\n",
                "GET\t/a HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /a\tHTTP/1.1\r\n" + HOST + "\r\n",
                " GET /a HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /a\r\n",
                "\n\nGET /a HTTP/1.1\r\n" + HOST + "\r\n",
                "\u0016\u0003\u0001\u0002\0\u0001\0\u0001",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("refusedRequests")
    void nothingIsServedBehindARequestThatIsRefused(String sent) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(sent + SMUGGLED);
            HttpMessage response = client.response();
            assertEquals("close", response.field("Connection"), response::startLine);
            client.finish();
            assertEquals("", client.rest());
            assertEquals(List.of(), origin.requests());
        }
    }

    /** A body that breaks after a part of it has left ends the server's connection, too. */
    static Stream<String> brokenBodies() {
        return Stream.of(
                chunk("hello") + "5\nworld\r\n0\r\n\r\n",
                chunk("hello") + "0\n\n",
                chunk("hello") + "0\r\n\n",
                chunk("hello") + "0\r\nContent-Length: 3\r\n\r\n",
                chunk("hello") + "0\r\nTransfer-Encoding: chunked\r\n\r\n",
                chunk("hello") + "0\r\nHost: other\r\n\r\n",
                chunk("hello") + "0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n",
                chunk("hello") + "0\r\nAuthorization: Basic YQ==\r\n\r\n",
                chunk("hello") + "0\r\n X: 1\r\n\r\n",
                chunk("hello") + " 5\r\nworld\r\n",
                chunk("hello") + "5 \r\nworld\r\n",
                chunk("hello") + "5;a=\nb\r\nworld\r\n",
                chunk("hello") + "5;\u0001\r\nworld\r\n",
                chunk("hello") + "5\r\nworldGET /\r\n",
                chunk("hello") + "-1\r\n",
                chunk("hello") + "8000000000000000\r\n",
                chunk("hello") + "00000000000000005\r\nworld\r\n");
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void nothingIsServedBehindABodyThatBreaks(String body) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(post(CHUNKED, ""));
            HttpSluice.awaitCycle(sluice);
            client.send(body + SMUGGLED);
            assertEquals(400, client.response().status());
            client.finish();
            assertEquals("", client.rest());
            assertEquals(List.of(), origin.requests());
        }
    }

    /** A client that took the final answer for leave not to send the body: what it sends next is dropped. */
    @Test
    void nothingIsServedInPlaceOfABodyThatTheServerDidNotWaitFor() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            for (;;) {
                peer.head();
                peer.send(HttpOrigin.ok("no thanks"));
            }
        });
             Sluice before = HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(before)) {
            client.send(post("Expect: 100-continue\r\nContent-Length: 50\r\n", ""));
            HttpMessage response = client.response();
            assertEquals("no thanks", response.body());
            assertEquals("close", response.field("Connection"));
            client.send(SMUGGLED);
            client.finish();
            assertEquals("", client.rest());
            try (HttpPeer next = HttpPeer.to(before)) {
                assertEquals("no thanks", next.get("/next").body());
            }
            // The first one still awaited a body.
            assertEquals(2, server.accepted());
        }
    }

    @Test
    void whatAClientSaysOfItselfCannotBeTakenOutByConnection() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "Connection: close, X-Forwarded-For, X-Forwarded-Host, X-Mine\r\n"
                    + "X-Forwarded-For: 1.2.3.4\r\nX-Mine: 1\r\n\r\n");
            assertEquals(200, client.response().status());
            HttpMessage seen = origin.requests().getLast();
            assertEquals("127.0.0.1", seen.field("X-Forwarded-For"));
            assertEquals("test", seen.field("X-Forwarded-Host"));
            assertFalse(seen.has("X-Mine"));
            assertFalse(seen.has("Connection"));
        }
    }

    private static void assertExchange(String sent, String statuses, List<String> seen) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(sent);
            List<String> received = new ArrayList<>();
            for (int i = 0; i < statuses.split(" ").length; i++) {
                received.add(Integer.toString(client.response().status()));
            }
            client.finish();
            assertEquals("", client.rest());
            assertEquals(statuses, String.join(" ", received));
            assertEquals(seen, origin.requests().stream().map(request -> request.startLine().split(" ")[0] + " "
                    + request.target() + " " + request.body()).toList());
        }
    }

    private static Arguments sample(String sent, String statuses, String... seen) {
        return Arguments.of(sent, statuses, List.of(seen));
    }

    private static String get(String target, String fields, String body) {
        return "GET " + target + " HTTP/1.1\r\n" + HOST + fields + "\r\n" + body;
    }

    private static String post(String fields, String body) {
        return "POST / HTTP/1.1\r\n" + HOST + fields + "\r\n" + body;
    }

    private static String end() {
        return get("/end", CLOSE, "");
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }
}
