package io.sluice.l7.http;

import static io.sluice.l7.http.HttpError.BAD_CONTENT_LENGTH;
import static io.sluice.l7.http.HttpError.BAD_FIELD_NAME;
import static io.sluice.l7.http.HttpError.BAD_STATUS_LINE;
import static io.sluice.l7.http.HttpError.BAD_TRANSFER_ENCODING;
import static io.sluice.l7.http.HttpError.BARE_CR;
import static io.sluice.l7.http.HttpError.BARE_LF;
import static io.sluice.l7.http.HttpError.CONNECTION_NAMES_FRAMING;
import static io.sluice.l7.http.HttpError.CONTROL_IN_VALUE;
import static io.sluice.l7.http.HttpError.DIFFERING_CONTENT_LENGTH;
import static io.sluice.l7.http.HttpError.HEAD_TOO_LARGE;
import static io.sluice.l7.http.HttpError.LENGTH_AND_TRANSFER_ENCODING;
import static io.sluice.l7.http.HttpError.OBS_FOLD;
import static io.sluice.l7.http.HttpError.SPACE_BEFORE_COLON;
import static io.sluice.l7.http.HttpError.TOO_MANY_FIELDS;
import static io.sluice.l7.http.HttpError.TRANSFER_ENCODING_IN_HTTP_1_0;
import static io.sluice.l7.http.HttpError.UNKNOWN_TRANSFER_ENCODING;
import static io.sluice.l7.http.HttpError.UNSUPPORTED_VERSION;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RefusedResponseTest {

    private static final HttpLimits LIMITS = new HttpLimits(1024, 5, 64);
    private static final String LINE = "HTTP/1.1 200 OK\r\n";

    private final ResponseParser parser = new ResponseParser(LIMITS);

    @ParameterizedTest
    @MethodSource
    void refusesABadHead(HttpError error, String head) {
        Heads.assertRefused(parser, error, head);
    }

    static Stream<Arguments> refusesABadHead() {
        return Stream.of(
                Arguments.of(BAD_STATUS_LINE, "\r\nHTTP/1.1 200 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "http/1.1 200 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1200 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1  200 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1\t200 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1 \r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1 20 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1 2000 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1 2x0 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1 -20 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1 099 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1 000 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "HTTP/1.1 200\tOK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "ICY 200 OK\r\n"),
                Arguments.of(BAD_STATUS_LINE, "<html>"),
                Arguments.of(BAD_STATUS_LINE, "\0"),
                Arguments.of(UNSUPPORTED_VERSION, "HTTP/2.0 200 OK\r\n"),
                Arguments.of(UNSUPPORTED_VERSION, "HTTP/0.9 200 OK\r\n"),
                Arguments.of(BARE_LF, "HTTP/1.1 200 OK\n"),
                Arguments.of(BARE_LF, "HTTP/1.1 200\n"),
                Arguments.of(BARE_CR, "HTTP/1.1 200 O\rK\r\n"),
                Arguments.of(BARE_CR, "HTTP/1.1 200\rX: y\r\n"),
                Arguments.of(CONTROL_IN_VALUE, "HTTP/1.1 200 \0\r\n"),
                Arguments.of(CONTROL_IN_VALUE, "HTTP/1.1 200 a\u007fb\r\n"),
                Arguments.of(BARE_LF, LINE + "X: y\n\r\n"),
                Arguments.of(OBS_FOLD, LINE + "X: y\r\n z\r\n\r\n"),
                Arguments.of(SPACE_BEFORE_COLON, LINE + "Content-Length : 5\r\n\r\n"),
                Arguments.of(BAD_FIELD_NAME, LINE + "X@Y: z\r\n\r\n"),
                Arguments.of(CONTROL_IN_VALUE, LINE + "X: \u0008\r\n\r\n"),
                Arguments.of(TOO_MANY_FIELDS, LINE + "X: y\r\n".repeat(6) + "\r\n"),
                Arguments.of(HEAD_TOO_LARGE, LINE + "X: " + "y".repeat(1024)),
                Arguments.of(HEAD_TOO_LARGE, "HTTP/1.1 200 " + "y".repeat(1024)),
                Arguments.of(BAD_CONTENT_LENGTH, LINE + "Content-Length: 5x\r\n\r\n"),
                Arguments.of(DIFFERING_CONTENT_LENGTH, LINE + "Content-Length: 5\r\nContent-Length: 7\r\n\r\n"),
                Arguments.of(LENGTH_AND_TRANSFER_ENCODING,
                        LINE + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of(UNKNOWN_TRANSFER_ENCODING, LINE + "Transfer-Encoding: gzip, chunked\r\n\r\n"),
                Arguments.of(BAD_TRANSFER_ENCODING, LINE + "Transfer-Encoding: chunked, identity\r\n\r\n"),
                Arguments.of(TRANSFER_ENCODING_IN_HTTP_1_0, "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of(CONNECTION_NAMES_FRAMING, LINE + "Connection: Content-Length\r\n\r\n"));
    }
}
