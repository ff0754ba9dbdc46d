package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {

    private static final HttpLimits LIMITS = HttpLimits.DEFAULT;

    private final RequestParser parser = new RequestParser(LIMITS);

    private RequestParser parsed(String head) {
        ByteBuffer in = Pieces.whole(Pieces.bytes(head)).getFirst();
        parser.reset();
        assertEquals(Outcome.COMPLETE, parser.parse(in), () -> parser.error() + " in " + head);
        return parser;
    }

    @ParameterizedTest
    @FieldSource("io.sluice.l7.http.Samples#REQUESTS")
    void readsASampleTheSameHoweverItIsCut(String sample) {
        Heads.assertSameHoweverCut(parser, sample);
    }

    @Test
    void tellsMethodTargetAndVersion() {
        parsed("\r\nDELETE /a/b?c=d HTTP/1.1\r\nHost: example.com:81\r\n\r\n");
        assertEquals(HttpMethod.DELETE, parser.method());
        assertEquals(TargetForm.ORIGIN, parser.targetForm());
        assertEquals("/a/b?c=d", Heads.target(parser));
        assertEquals("/a/b", Pieces.text(parser.bytes(), parser.pathOffset(), parser.pathLength()));
        assertEquals("?c=d", Pieces.text(parser.bytes(), parser.queryOffset(), parser.queryLength()));
        assertEquals(1, parser.minorVersion());
        assertEquals("example.com", Heads.host(parser));
        assertEquals(81, parser.port());
    }

    @Test
    void takesALaterMinorVersionForTheLatestThatItKnows() {
        parsed("GET / HTTP/1.2\r\nHost: a\r\n\r\n");
        assertEquals(1, parser.minorVersion());
    }

    @Test
    void takesTheAuthorityFromAnAbsoluteTarget() {
        parsed("GET http://example.com/p HTTP/1.0\r\n\r\n");
        assertEquals(TargetForm.ABSOLUTE, parser.targetForm());
        assertEquals("example.com", Heads.host(parser));
        assertEquals(-1, parser.port());
        assertEquals("/p", Pieces.text(parser.bytes(), parser.pathOffset(), parser.pathLength()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a", "a.b.", "under_score", "1.2.3.4", "a%41", "!$&'()*+,;=", "[::]", "[::1]", "[1::]", "[1:2:3:4:5:6:7:8]",
        "[1::3:4:5:6:7:8]", "[::ffff:1.2.3.255]", "[1:2:3:4:5:6:1.2.3.4]", "[2001:DB8::a:0]"})
    void acceptsAnyHost(String host) {
        parsed("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertEquals(host, Heads.host(parser));
        assertEquals(-1, parser.port());
        parsed("GET / HTTP/1.1\r\nHost: " + host + ":\r\n\r\n");
        assertEquals(host, Heads.host(parser));
        assertEquals(-1, parser.port());
        parsed("GET http://" + host + ":65535/ HTTP/1.1\r\nHost:" + host + ":65535\r\n\r\n");
        assertEquals(host, Heads.host(parser));
        assertEquals(65535, parser.port());
    }

    @Test
    void tellsMethodsApartByCase() {
        assertEquals(HttpMethod.GET, parsed("GET / HTTP/1.0\r\n\r\n").method());
        assertEquals(HttpMethod.OTHER, parsed("get / HTTP/1.0\r\n\r\n").method());
        assertEquals(HttpMethod.OTHER, parsed("GETT / HTTP/1.0\r\n\r\n").method());
        assertEquals(HttpMethod.OTHER, parsed("REPORTS / HTTP/1.0\r\n\r\n").method());
        assertEquals(HttpMethod.OTHER, parsed("M".repeat(32) + " / HTTP/1.0\r\n\r\n").method());
        for (HttpMethod method : HttpMethod.values()) {
            if (method != HttpMethod.CONNECT) {
                assertEquals(method, parsed(method + " / HTTP/1.0\r\n\r\n").method());
            }
        }
    }

    @Test
    void takesAQueryThatItsClientHasLeftUnencoded() {
        String target = "/items?filter={\"name\":\"<a>\"}&path=c:\\d";
        assertEquals(target, Heads.target(parsed("GET " + target + " HTTP/1.0\r\n\r\n")));
    }

    @Test
    void leavesWhatComesBehindTheHead() {
        ByteBuffer in = Pieces.whole(Pieces.bytes("GET / HTTP/1.0\r\n\r\nbody")).getFirst();
        assertEquals(Outcome.COMPLETE, parser.parse(in));
        assertEquals(4, in.remaining());
        assertEquals('b', in.get());
        assertEquals(18, parser.headLength());
    }

    @Test
    void keepsTheConnectionAsVersionAndOptionsSay() {
        assertTrue(parsed("GET / HTTP/1.1\r\nHost: a\r\n\r\n").isPersistent());
        assertFalse(parsed("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").isPersistent());
        assertFalse(parsed("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n")
                .isPersistent());
        assertFalse(parsed("GET / HTTP/1.0\r\n\r\n").isPersistent());
        assertTrue(parsed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").isPersistent());
    }

    @Test
    void tellsFraming() {
        assertEquals(BodyFraming.NONE, parsed("GET / HTTP/1.0\r\n\r\n").framing());
        assertEquals(-1, parser.contentLength());
        assertEquals(BodyFraming.NONE, parsed("POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n").framing());
        assertEquals(0, parser.contentLength());
        assertEquals(BodyFraming.LENGTH,
                parsed("POST / HTTP/1.0\r\nContent-Length: 9223372036854775807\r\n\r\n").framing());
        assertEquals(Long.MAX_VALUE, parser.contentLength());
        assertEquals(BodyFraming.CHUNKED,
                parsed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n").framing());
    }

    @Test
    void expectsContinueOnlyOfHttp11WithABody() {
        String expect = "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n";
        assertTrue(parsed("POST / HTTP/1.1\r\nHost: a\r\n" + expect).isContinueExpected());
        assertFalse(parsed("POST / HTTP/1.0\r\nHost: a\r\n" + expect).isContinueExpected());
        assertFalse(parsed("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n").isContinueExpected());
        assertFalse(parsed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n").isContinueExpected());
        assertFalse(parsed("POST / HTTP/1.1\r\nHost: a\r\n" + expect.replace("100", "101")).isContinueExpected());
    }

    @Test
    void wantsAnUpgradeOnlyIfConnectionSaysSo() {
        String upgrade = "Host: a\r\nUpgrade: websocket\r\n";
        assertTrue(parsed("GET / HTTP/1.1\r\n" + upgrade + "Connection: Upgrade\r\n\r\n").isUpgradeWanted());
        assertFalse(parsed("GET / HTTP/1.1\r\n" + upgrade + "\r\n").isUpgradeWanted());
        assertTrue(parsed("POST / HTTP/1.1\r\n" + upgrade + "Connection: Upgrade\r\nContent-Length: 1\r\n\r\n")
                .isUpgradeWanted());
        assertFalse(parsed("GET / HTTP/1.0\r\n" + upgrade + "Connection: Upgrade\r\n\r\n").isUpgradeWanted());
        assertFalse(parsed("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\r\n").isUpgradeWanted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "H2C", "websocket, h2c", "h2c,websocket", "websocket ,\tH2c , other",
        "websocket\r\nUpgrade: h2c"})
    void asksForNoUpgradeThatMayBeToHttp2(String protocols) {
        String head = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ";
        assertFalse(parsed(head + protocols + "\r\n\r\n").isUpgradeWanted());
        assertTrue(parsed(head + protocols.replaceAll("(?i)h2c", "h2cx") + "\r\n\r\n").isUpgradeWanted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TE: trailers", "te: deflate;q=0.5,Trailers", "TE: gzip\r\nTE: trailers"})
    void wantsTrailersIfTheClientSaysSo(String fields) {
        assertTrue(parsed("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n").areTrailersWanted());
        assertFalse(parsed("GET / HTTP/1.0\r\nHost: a\r\n" + fields + "\r\n\r\n").areTrailersWanted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TE: gzip", "TE: trailersx", "TE:", "X-TE: trailers"})
    void wantsNoTrailersIfTheClientDoesNotSaySo(String field) {
        assertFalse(parsed("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n").areTrailersWanted());
    }

    @Test
    void dropsWhatConnectionNamesButNothingMeantForTheOtherEnd() {
        parsed("""
                GET / HTTP/1.1\r
                Host: a\r
                Connection: X-Drop, Cookie, Authorization, X-Forwarded-For\r
                x-drop: 1\r
                X-Dropped: 1\r
                X-Keep: 1\r
                Cookie: a=b\r
                Authorization: Basic eDp5\r
                X-Forwarded-For: 10.0.0.1\r
                Keep-Alive: timeout=5\r
                Proxy-Connection: keep-alive\r
                \r
                """);
        HeaderFields fields = parser.fields();
        StringBuilder dropped = new StringBuilder();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.isHopByHop(i)) {
                dropped.append(Heads.name(parser, i)).append(' ');
            }
        }
        assertEquals("Connection x-drop Keep-Alive Proxy-Connection ", dropped.toString());
    }

    @Test
    void takesAsManyNamesInConnectionAsTheBoundSays() {
        parsed("GET / HTTP/1.1\r\nHost: a\r\nConnection: x" + ",x".repeat(ConnectionOptions.MAX_NAMED_FIELDS - 1)
                + "\r\nX: y\r\n\r\n");
        assertTrue(parser.fields().isHopByHop(2));
    }

    @Test
    void acceptsAHeadOfExactlyTheLimits() {
        HttpLimits limits = new HttpLimits(100, 2, 10);
        String head = "GET /123456789 HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(58) + "\r\n\r\n";
        assertEquals(99, head.length());
        RequestParser small = new RequestParser(limits);
        assertTrue(Heads.read(small, Pieces.whole(Pieces.bytes(head))).contains("left 0"));
        head = head.replace("X: ", "X:  ");
        assertTrue(Heads.read(small, Pieces.whole(Pieces.bytes(head))).contains("left 0"));
        head = head.replace("X: ", "X:  ");
        assertEquals("REFUSED HEAD_TOO_LARGE", Heads.read(small, Pieces.whole(Pieces.bytes(head))));
        assertEquals("REFUSED HEAD_TOO_LARGE", Heads.read(small, Pieces.singleBytes(Pieces.bytes(head))));
    }

    @Test
    void growsWithAHeadUpToTheLimit() {
        StringBuilder head = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
        for (int i = 0; i < 99; i++) {
            head.append("X-Field-").append(i).append(": ").append("v".repeat(300)).append("\r\n");
        }
        parsed(head + "\r\n");
        assertEquals(100, parser.fields().count());
        assertEquals("X-Field-98", Heads.name(parser, 99));
        assertEquals("v".repeat(300), Heads.value(parser, 99));
    }

    @Test
    void startsAfreshAfterAReset() {
        parser.parse(Pieces.whole(Pieces.bytes("GET / HTTP/1.1\r\nHost: a\r\nConnection: clo")).getFirst());
        assertTrue(parser.hasBegun());
        parser.reset();
        assertFalse(parser.hasBegun());
        assertTrue(parsed("GET / HTTP/1.1\r\nHost: b\r\n\r\n").isPersistent());
        assertEquals(1, parser.fields().count());
    }

    @Test
    void keepsTheStartLineOfAHeadThatIsCutOrRefusedBehindIt() {
        parser.parse(Pieces.whole(Pieces.bytes("GET /x HTTP/1.1\r")).getFirst());
        assertFalse(parser.hasStartLine());
        parser.parse(Pieces.whole(Pieces.bytes("\n")).getFirst());
        assertTrue(parser.hasStartLine());
        assertEquals(Outcome.REFUSED, parser.parse(Pieces.whole(Pieces.bytes(": no name\r\n")).getFirst()));
        assertTrue(parser.hasStartLine());
        assertEquals("/x", Heads.target(parser));
        parser.reset();
        assertFalse(parser.hasStartLine());
    }

    @Test
    void keepsTheMethodOfARequestLineThatIsCutOrRefusedBehindIt() {
        parser.parse(Pieces.whole(Pieces.bytes("HEAD")).getFirst());
        assertFalse(parser.hasMethod());
        assertEquals(Outcome.REFUSED, parser.parse(Pieces.whole(Pieces.bytes("  /")).getFirst()));
        assertTrue(parser.hasMethod());
        assertEquals(HttpMethod.HEAD, parser.method());
        parser.reset();
        assertFalse(parser.hasMethod());
        assertEquals(Outcome.REFUSED, parser.parse(Pieces.whole(Pieces.bytes("HEAD@ /")).getFirst()));
        assertFalse(parser.hasMethod());
    }
}
