package io.sluice.l7.http;

import static io.sluice.l7.http.HttpError.BAD_CONNECTION;
import static io.sluice.l7.http.HttpError.BAD_CONTENT_LENGTH;
import static io.sluice.l7.http.HttpError.BAD_FIELD_NAME;
import static io.sluice.l7.http.HttpError.BAD_HOST;
import static io.sluice.l7.http.HttpError.BAD_METHOD;
import static io.sluice.l7.http.HttpError.BAD_REQUEST_LINE;
import static io.sluice.l7.http.HttpError.BAD_TARGET;
import static io.sluice.l7.http.HttpError.BAD_TARGET_FORM;
import static io.sluice.l7.http.HttpError.BAD_TRANSFER_ENCODING;
import static io.sluice.l7.http.HttpError.BARE_CR;
import static io.sluice.l7.http.HttpError.BARE_LF;
import static io.sluice.l7.http.HttpError.CONNECTION_NAMES_FRAMING;
import static io.sluice.l7.http.HttpError.CONTROL_IN_VALUE;
import static io.sluice.l7.http.HttpError.DIFFERING_CONTENT_LENGTH;
import static io.sluice.l7.http.HttpError.EMPTY_FIELD_NAME;
import static io.sluice.l7.http.HttpError.FRAGMENT_IN_TARGET;
import static io.sluice.l7.http.HttpError.HEAD_TOO_LARGE;
import static io.sluice.l7.http.HttpError.HOST_DIFFERS_FROM_TARGET;
import static io.sluice.l7.http.HttpError.LENGTH_AND_TRANSFER_ENCODING;
import static io.sluice.l7.http.HttpError.METHOD_TOO_LONG;
import static io.sluice.l7.http.HttpError.MISSING_COLON;
import static io.sluice.l7.http.HttpError.MISSING_HOST;
import static io.sluice.l7.http.HttpError.OBS_FOLD;
import static io.sluice.l7.http.HttpError.REPEATED_HOST;
import static io.sluice.l7.http.HttpError.SPACE_BEFORE_COLON;
import static io.sluice.l7.http.HttpError.TOO_MANY_FIELDS;
import static io.sluice.l7.http.HttpError.TRANSFER_ENCODING_IN_HTTP_1_0;
import static io.sluice.l7.http.HttpError.UNKNOWN_TRANSFER_ENCODING;
import static io.sluice.l7.http.HttpError.UNSUPPORTED_VERSION;
import static io.sluice.l7.http.HttpError.URI_TOO_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedRequestTest {

    private static final HttpLimits LIMITS = new HttpLimits(2048, 20, 64);
    private static final String LINE = "GET / HTTP/1.1\r\n";
    private static final String HOST = LINE + "Host: a\r\n";

    private final RequestParser parser = new RequestParser(LIMITS);

    @ParameterizedTest
    @MethodSource
    void refusesABadRequestLine(HttpError error, String head) {
        assertRefused(error, head);
    }

    static Stream<Arguments> refusesABadRequestLine() {
        return Stream.of(
                Arguments.of(BAD_REQUEST_LINE, "GET /\r\n\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET / \r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET  / HTTP/1.1\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET /  HTTP/1.1\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET / HTTP/1.1 \r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET / HTTP/1.1x\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET / HTTP/1.10\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET / HTTP/11\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET / http/1.1\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET / HTTP/1.\r\n\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET / XTTP/1.1\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "GET /a b HTTP/1.1\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "\r\n\r\n\r\nGET / HTTP/1.1\r\n"),
                Arguments.of(BARE_CR, "\rGET / HTTP/1.1\r\n"),
                Arguments.of(BAD_REQUEST_LINE, "\nGET / HTTP/1.1\r\n"),
                Arguments.of(BARE_LF, "GET / HTTP/1.1\n"),
                Arguments.of(BARE_CR, "GET / HTTP/1.1\rHost: a\r\n"),
                Arguments.of(BAD_METHOD, " GET / HTTP/1.1\r\n"),
                Arguments.of(BAD_METHOD, "GET\t/ HTTP/1.1\r\n"),
                Arguments.of(BAD_METHOD, "G(T / HTTP/1.1\r\n"),
                Arguments.of(BAD_METHOD, "G\0T / HTTP/1.1\r\n"),
                Arguments.of(BAD_METHOD, "G\u00e9T / HTTP/1.1\r\n"),
                Arguments.of(BAD_METHOD, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001"),
                Arguments.of(METHOD_TOO_LONG, "M".repeat(33) + " / HTTP/1.1\r\n"),
                Arguments.of(UNSUPPORTED_VERSION, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                Arguments.of(UNSUPPORTED_VERSION, "GET / HTTP/0.9\r\n"),
                Arguments.of(UNSUPPORTED_VERSION, "GET / HTTP/3.0\r\n"));
    }

    @ParameterizedTest
    @MethodSource
    void refusesABadTarget(HttpError error, String head) {
        assertRefused(error, head);
    }

    static Stream<Arguments> refusesABadTarget() {
        return Stream.of(
                Arguments.of(FRAGMENT_IN_TARGET, "GET /a#b HTTP/1.1\r\n"),
                Arguments.of(FRAGMENT_IN_TARGET, "GET /a?b#c HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET, "GET /caf\u00e9 HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET, "GET /a?\u00ff HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET, "GET /a\tb HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET, "GET /\0 HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET, "GET /\u007f HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET, "GET /a\\b HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET, "GET /<script> HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET, "GET /\"x\"?y HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET a HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET ?q HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET * HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "OPTIONS ** HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "OPTIONS a HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET  HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET example.com:80 HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET ftp://example.com/ HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET http:/example.com HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET http:/// HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET http://user@example.com/ HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "GET http://example.com:x/ HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "CONNECT / HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "CONNECT example.com HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "CONNECT example.com:0 HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "CONNECT example.com:443/x HTTP/1.1\r\n"),
                Arguments.of(BAD_TARGET_FORM, "CONNECT http://example.com:443 HTTP/1.1\r\n"),
                Arguments.of(URI_TOO_LONG, "GET /" + "a".repeat(64) + " HTTP/1.1\r\n"),
                Arguments.of(URI_TOO_LONG, "GET /" + "a".repeat(63) + "?b HTTP/1.1\r\n"),
                Arguments.of(URI_TOO_LONG, "GET /" + "a".repeat(65) + "\0 HTTP/1.1\r\n"));
    }

    @ParameterizedTest
    @MethodSource
    void refusesABadFieldLine(HttpError error, String head) {
        assertRefused(error, head);
    }

    static Stream<Arguments> refusesABadFieldLine() {
        return Stream.of(
                Arguments.of(BARE_LF, HOST + "X: y\n\r\n"),
                Arguments.of(BARE_LF, HOST + "X\n: y\r\n"),
                Arguments.of(BARE_LF, HOST + "\n"),
                Arguments.of(BARE_CR, HOST + "X: y\rZ: w\r\n\r\n"),
                Arguments.of(BARE_CR, HOST + "X: y\r\r\n\r\n"),
                Arguments.of(BARE_CR, HOST + "\rX: y\r\n\r\n"),
                Arguments.of(OBS_FOLD, HOST + "X: y\r\n z\r\n\r\n"),
                Arguments.of(OBS_FOLD, HOST + "X: y\r\n\tz\r\n\r\n"),
                Arguments.of(OBS_FOLD, LINE + " Host: a\r\n\r\n"),
                Arguments.of(SPACE_BEFORE_COLON, HOST + "X : y\r\n\r\n"),
                Arguments.of(SPACE_BEFORE_COLON, HOST + "X\t: y\r\n\r\n"),
                Arguments.of(SPACE_BEFORE_COLON, HOST + "X Y: z\r\n\r\n"),
                Arguments.of(MISSING_COLON, HOST + "X\r\n\r\n"),
                Arguments.of(EMPTY_FIELD_NAME, HOST + ": y\r\n\r\n"),
                Arguments.of(BAD_FIELD_NAME, HOST + "X(Y): z\r\n\r\n"),
                Arguments.of(BAD_FIELD_NAME, HOST + "Content-Length\0: 5\r\n\r\n"),
                Arguments.of(BAD_FIELD_NAME, HOST + "Caf\u00e9: z\r\n\r\n"),
                Arguments.of(BAD_FIELD_NAME, HOST + "\"X\": z\r\n\r\n"),
                Arguments.of(BAD_FIELD_NAME, HOST + "abcdefgh\u00c1bcd: z\r\n\r\n"),
                Arguments.of(CONTROL_IN_VALUE, HOST + "X: y\0\r\n\r\n"),
                Arguments.of(CONTROL_IN_VALUE, HOST + "X: 12345678\u000b\r\n\r\n"),
                Arguments.of(CONTROL_IN_VALUE, HOST + "X: \u007f\r\n\r\n"),
                Arguments.of(CONTROL_IN_VALUE, HOST + "X: \u001b[2J\r\n\r\n"),
                Arguments.of(CONTROL_IN_VALUE, HOST + "X: \t\u0001\r\n\r\n"),
                Arguments.of(TOO_MANY_FIELDS, HOST + "X: y\r\n".repeat(20) + "\r\n"),
                Arguments.of(HEAD_TOO_LARGE, HOST + "X: " + "y".repeat(2048)),
                Arguments.of(HEAD_TOO_LARGE, HOST + "X".repeat(2048)));
    }

    @ParameterizedTest
    @MethodSource
    void refusesABadHost(HttpError error, String head) {
        assertRefused(error, head);
    }

    static Stream<Arguments> refusesABadHost() {
        return Stream.concat(
                Stream.of("", "a b", "a/b", "a@b", "a,b c", "a?b", "a#b", "a:b", "a:0", "a:65536", "a:1:2", ":80",
                        "a\\b", "%zz", "caf\u00e9", "[::1", "::1", "[]", "[:]", "[1]", "[::1]x",
                        "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "[12345::]", "[::g]", "[::1.2.3]",
                        "[::1.2.3.256]", "[::1.2.3.4.5]", "[::1.2.3.]", "[::1.2..4]", "[::1.2.3.4444]", "[::1.2.3x4]",
                        "[1:2:3:4:5:6:7:]", "[1:2:3:4:5:6:7:8:]", "[::1:]", "[1::2:3:4:5:6:7:8]", "[:1::2]", "[:1]",
                        "[x::1]", "[fe80::1%25eth0]", "[v1.a]", "a[::1]", "a%4", "a%", "%4z")
                        .map(host -> Arguments.of(BAD_HOST, LINE + "Host: " + host + "\r\n\r\n")),
                Stream.of(
                        Arguments.of(MISSING_HOST, LINE + "\r\n"),
                        Arguments.of(MISSING_HOST, "GET http://a/ HTTP/1.1\r\n\r\n"),
                        Arguments.of(REPEATED_HOST, HOST + "Host: a\r\n\r\n"),
                        Arguments.of(REPEATED_HOST, "GET / HTTP/1.0\r\nhost: a\r\nhOsT: b\r\n\r\n"),
                        Arguments.of(BAD_HOST, "GET / HTTP/1.0\r\nHost:\r\n\r\n"),
                        Arguments.of(REPEATED_HOST, HOST + "Host: a\r\nContent-Length: 1001\r\n\r\n"),
                        Arguments.of(HOST_DIFFERS_FROM_TARGET, "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n"),
                        Arguments.of(HOST_DIFFERS_FROM_TARGET, "GET http://a/ HTTP/1.1\r\nHost: ab\r\n\r\n"),
                        Arguments.of(HOST_DIFFERS_FROM_TARGET, "GET http://a/ HTTP/1.1\r\nHost: a:81\r\n\r\n"),
                        Arguments.of(HOST_DIFFERS_FROM_TARGET, "GET https://a/ HTTP/1.1\r\nHost: a:80\r\n\r\n"),
                        Arguments.of(HOST_DIFFERS_FROM_TARGET, "CONNECT a:1 HTTP/1.1\r\nHost: b:1\r\n\r\n")));
    }

    @ParameterizedTest
    @MethodSource
    void refusesBadFraming(HttpError error, String fields) {
        assertRefused(error, HOST + fields + "\r\n");
    }

    static Stream<Arguments> refusesBadFraming() {
        return Stream.of(
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: +5\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: -5\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: 0x5\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: 5 5\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: 5.0\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length:\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: 5,\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: \"5\"\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: 9223372036854775808\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: 18446744073709551617\r\n"),
                Arguments.of(BAD_CONTENT_LENGTH, "Content-Length: 99999999999999999999999\r\n"),
                Arguments.of(DIFFERING_CONTENT_LENGTH, "Content-Length: 5,6\r\n"),
                Arguments.of(DIFFERING_CONTENT_LENGTH, "Content-Length: 5\r\ncontent-length: 6\r\n"),
                Arguments.of(LENGTH_AND_TRANSFER_ENCODING, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                Arguments.of(LENGTH_AND_TRANSFER_ENCODING, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
                Arguments.of(UNKNOWN_TRANSFER_ENCODING, "Transfer-Encoding: gzip, chunked\r\n"),
                Arguments.of(UNKNOWN_TRANSFER_ENCODING, "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
                Arguments.of(UNKNOWN_TRANSFER_ENCODING, "Transfer-Encoding: identity\r\n"),
                Arguments.of(UNKNOWN_TRANSFER_ENCODING, "Transfer-Encoding: xchunked\r\n"),
                Arguments.of(BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunked, gzip\r\n"),
                Arguments.of(BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunked, chunked\r\n"),
                Arguments.of(BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                Arguments.of(BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunked;q=1\r\n"),
                Arguments.of(BAD_TRANSFER_ENCODING, "Transfer-Encoding: \"chunked\"\r\n"),
                Arguments.of(BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunked,\r\n"),
                Arguments.of(BAD_TRANSFER_ENCODING, "Transfer-Encoding:\r\n"),
                Arguments.of(CONTROL_IN_VALUE, "Transfer-Encoding: \u000bchunked\r\n"),
                Arguments.of(CONNECTION_NAMES_FRAMING, "Connection: close, Content-Length\r\nContent-Length: 5\r\n"),
                Arguments.of(CONNECTION_NAMES_FRAMING, "Connection: transfer-encoding\r\n"),
                Arguments.of(CONNECTION_NAMES_FRAMING, "Connection: HOST\r\n"),
                Arguments.of(BAD_CONNECTION, "Connection: close x\r\n"),
                Arguments.of(BAD_CONNECTION, "Connection: \"close\"\r\n"),
                Arguments.of(BAD_CONNECTION, "Connection: x" + ",x".repeat(ConnectionOptions.MAX_NAMED_FIELDS)
                        + "\r\n"));
    }

    /** The mark stands before the byte at fault. */
    @ParameterizedTest
    @ValueSource(strings = {"GET^\t/ HTTP/1.1\r\n", "GET /a^#b HTTP/1.1\r\n", "GET /a^\u0001 HTTP/1.1\r\n",
        "GET / HTTP/^x.1\r\n", "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM^M /",
        "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa^a ", "GET / ^HTTP/2.0\r\n",
        HOST + "X: a^\nY: b\r\n", HOST + "X: a\r\n^ b\r\n",
        HOST + "X^ : b\r\n", HOST + "X: a^\0b\r\n", HOST + "^: b\r\n", HOST + "x^\r\n",
        LINE + "Host: ^a b\r\n\r\n", LINE + "^\r\n",
        HOST + "Content-Length: ^+5\r\n\r\n", HOST + "Transfer-Encoding: ^gzip\r\n\r\n"})
    void tellsTheByteAtFault(String marked) {
        String head = marked.replace("^", "");
        assertEquals("REFUSED", Heads.read(parser, Pieces.whole(Pieces.bytes(head))).split(" ")[0]);
        assertEquals(marked.indexOf('^'), parser.faultPosition());
    }

    @Test
    void refusesTransferEncodingInHttp10() {
        assertRefused(TRANSFER_ENCODING_IN_HTTP_1_0, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    private void assertRefused(HttpError error, String head) {
        Heads.assertRefused(parser, error, head);
    }
}
