package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ResponseParserTest {

    private final ResponseParser parser = new ResponseParser(HttpLimits.DEFAULT);

    private ResponseParser parsed(HttpMethod method, String head) {
        ByteBuffer in = Pieces.whole(Pieces.bytes(head)).getFirst();
        parser.answers(method);
        parser.reset();
        assertEquals(Outcome.COMPLETE, parser.parse(in), () -> parser.error() + " in " + head);
        return parser;
    }

    @ParameterizedTest
    @FieldSource("io.sluice.l7.http.Samples#RESPONSES")
    void readsASampleTheSameHoweverItIsCut(String sample) {
        Heads.assertSameHoweverCut(parser, sample);
    }

    @Test
    void tellsVersionStatusAndReason() {
        parsed(HttpMethod.GET, "HTTP/1.0 404 Not Found\r\n\r\n");
        assertEquals(0, parser.minorVersion());
        assertEquals(404, parser.status());
        assertEquals("Not Found", Heads.reason(parser));
        assertEquals("", Heads.reason(parsed(HttpMethod.GET, "HTTP/1.1 200 \r\n\r\n")));
        assertEquals("", Heads.reason(parsed(HttpMethod.GET, "HTTP/1.1 200\r\n\r\n")));
        parsed(HttpMethod.GET, "HTTP/1.9 200 OK\r\n\r\n");
        assertEquals(1, parser.minorVersion(), "of a later version");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,     200, Content-Length: 5,          LENGTH,      true",
        "GET,     200, Content-Length: 0,          NONE,        true",
        "GET,     200, Transfer-Encoding: chunked, CHUNKED,     true",
        "GET,     200, Server: x,                  UNTIL_CLOSE, false",
        "GET,     200, Connection: close,          UNTIL_CLOSE, false",
        "HEAD,    200, Content-Length: 5,          NONE,        true",
        "HEAD,    200, Transfer-Encoding: chunked, NONE,        true",
        "HEAD,    200, Server: x,                  NONE,        true",
        "GET,     204, Server: x,                  NONE,        true",
        "GET,     204, Content-Length: 0,          NONE,        true",
        "GET,     204, Content-Length: 5,          NONE,        false",
        "GET,     204, Transfer-Encoding: chunked, NONE,        false",
        "GET,     304, Content-Length: 5,          NONE,        true",
        "GET,     100, Server: x,                  NONE,        true",
        "GET,     103, Content-Length: 5,          NONE,        false",
        "GET,     101, Upgrade: websocket,         TUNNEL,      false",
        "CONNECT, 200, Content-Length: 5,          TUNNEL,      false",
        "CONNECT, 204, Server: x,                  TUNNEL,      false",
        "CONNECT, 407, Content-Length: 5,          LENGTH,      true",
        "CONNECT, 101, Server: x,                  TUNNEL,      false",
        "POST,    999, Content-Length: 5,          LENGTH,      true"})
    void framesByMethodStatusAndFields(
            HttpMethod method, int status, String field, BodyFraming framing, boolean persistent) {
        parsed(method, "HTTP/1.1 " + status + " R\r\n" + field + "\r\n\r\n");
        assertEquals(framing, parser.framing());
        assertEquals(persistent, parser.isPersistent());
    }

    @Test
    void keepsTheConnectionAsVersionAndOptionsSay() {
        String length = "Content-Length: 1\r\n";
        assertTrue(parsed(HttpMethod.GET, "HTTP/1.1 200 OK\r\n" + length + "\r\n").isPersistent());
        assertFalse(parsed(HttpMethod.GET, "HTTP/1.1 200 OK\r\nConnection: close\r\n" + length
                + "\r\n").isPersistent());
        assertFalse(parsed(HttpMethod.GET, "HTTP/1.0 200 OK\r\n" + length + "\r\n").isPersistent());
        assertTrue(parsed(HttpMethod.GET, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + length
                + "\r\n").isPersistent());
    }

    @Test
    void readsInterimResponsesAsHeadsOfTheirOwn() {
        ByteBuffer in = Pieces.whole(Pieces.bytes(
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")).getFirst();
        assertEquals(Outcome.COMPLETE, parser.parse(in));
        assertTrue(parser.isInterim());
        parser.reset();
        assertEquals(Outcome.COMPLETE, parser.parse(in));
        assertFalse(parser.isInterim());
        assertEquals(200, parser.status());
        assertFalse(in.hasRemaining());
    }
}
