package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server sends, no client gets what was sent for another one or for none. */
class HttpPoisoningTest {

    private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** The method, what the server sends, and the body that the client gets; null if no response of the server's. */
    static Stream<Arguments> responses() {
        return Stream.of(
                // A body where there is none.
                Arguments.of("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison", ""),
                Arguments.of("HEAD", CHUNKED + "6\r\npoison\r\n0\r\n\r\n", ""),
                Arguments.of("HEAD", "HTTP/1.1 200 OK\r\n\r\n" + POISON, ""),
                Arguments.of("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\npoison", ""),
                Arguments.of("GET", "HTTP/1.1 204 No Content\r\n\r\n" + POISON, ""),
                Arguments.of("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\n" + POISON, ""),
                Arguments.of("GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n6\r\npoison", ""),
                // More than one response.
                Arguments.of("GET", HttpOrigin.ok("good") + POISON, "good"),
                Arguments.of("GET", HttpOrigin.ok("good") + "\r\n", "good"),
                Arguments.of("GET", CHUNKED + "4\r\ngood\r\n0\r\n\r\n" + POISON, "good"),
                Arguments.of("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + POISON, ""),
                // It breaks.
                Arguments.of("GET", CHUNKED + "4\r\ngood\r\n" + POISON, null),
                Arguments.of("GET", CHUNKED + "4\r\ngood\r\n0\r\nSet-Cookie: a=b\r\n\r\n", null),
                Arguments.of("GET", CHUNKED + "4\r\ngood\r\n0\r\nContent-Length: 6\r\n\r\npoison", null),
                Arguments.of("GET", CHUNKED + "4\r\ngoodpoison\r\n", null));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void nobodyGetsWhatIsBehindAResponse(String method, String response, String body) throws Exception {
        try (HttpOrigin origin = origin(response); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
            client.send(method + " /bad HTTP/1.1\r\nHost: test\r\n\r\n");
            if (body == null) {
                assertNoResponse(client);
            } else if (method.equals("HEAD")) {
                client.responseWithoutBody();
            } else {
                assertEquals(body, client.response().body());
            }
            assertEquals("server /other", other.get("/other").body());
            if (body != null) {
                assertEquals("server /next", client.get("/next").body());
            }
            assertEquals(2, origin.connections(), "the first one cannot be trusted any more");
            client.leave();
            other.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @ParameterizedTest
    @MethodSource("responses")
    void nobodyGetsWhatComesBetweenRequests(String method, String response, String body) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, request) -> {
            if (request.target().equals("/bad")) {
                sendByteByByte(peer, response);
                sent.countDown();
            } else {
                HttpOrigin.NAME_AND_TARGET.answer(name, peer, request);
            }
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice);
             HttpPeer other = HttpPeer.to(sluice)) {
            client.send(method + " /bad HTTP/1.1\r\nHost: test\r\n\r\n");
            Latches.await(sent);
            HttpSluice.awaitCycle(sluice);
            assertEquals("server /other", other.get("/other").body());
        }
    }

    /** Whether it is an error page depends on what of the response came with its first bytes. */
    private static void assertNoResponse(HttpPeer client) {
        try {
            assertEquals(502, client.response().status());
        } catch (IOException e) {
            // A part of it had left before the rest proved broken: the client sees that it was cut.
        }
    }

    private static void sendByteByByte(HttpPeer peer, String response) {
        try {
            peer.trickle(response);
        } catch (IOException e) {
            // Sluice has closed the connection before the end, which is right.
        }
    }

    @Test
    void interimResponsesHaveNoBody() throws Exception {
        try (HttpOrigin origin = origin("HTTP/1.1 103 Early Hints\r\nContent-Length: 6\r\n\r\n" + POISON);
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET /bad HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals(103, client.response().status());
            assertEquals("poison", client.response().body());
            assertEquals("server /next", client.get("/next").body());
        }
    }

    @Test
    void aServerThatAnswersInTheMiddleOfARequestGetsNoOther() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            HttpMessage head = peer.head();
            peer.send(HttpOrigin.ok("early " + head.target()));
            peer.awaitEndByReset();
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "")) {
            for (int i = 0; i < 3; i++) {
                try (HttpPeer client = HttpPeer.to(sluice)) {
                    client.send("POST /" + i + " HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf");
                    HttpMessage response = client.response();
                    assertEquals("early /" + i, response.body());
                    assertEquals("close", response.field("Connection"));
                }
            }
            assertEquals(3, server.accepted());
        }
    }

    @Test
    void anUpgradeThatComesBeforeTheBodyIsRefused() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
            peer.awaitEndByReset();
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: echo\r\n"
                    + "Content-Length: 10\r\n\r\nhalf");
            assertEquals(502, client.response().status());
        }
    }

    private static HttpOrigin origin(String response) throws IOException {
        return HttpOrigin.start("server", (name, peer, request) -> {
            if (request.target().equals("/bad")) {
                peer.send(response);
            } else {
                HttpOrigin.NAME_AND_TARGET.answer(name, peer, request);
            }
        });
    }
}
