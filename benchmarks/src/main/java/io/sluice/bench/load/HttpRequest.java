package io.sluice.bench.load;

import io.sluice.l7.http.BodyFraming;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.HttpMethod;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.RequestParser;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The request that an HTTP load consists of. Immutable.
 *
 * @param bytes  head and body
 * @param method the method, on which the framing of the answer depends
 */
public record HttpRequest(byte[] bytes, HttpMethod method) {

    private static final HttpLimits LIMITS = new HttpLimits(1024 * 1024, 10_000, 1024 * 1024);

    /**
     * Builds a request. Adds Host, Content-Length and Connection if they are needed and not among the fields.
     *
     * @param fields  lines such as {@code Accept: text/html}
     * @param closing whether the connection is for this request alone
     * @throws IllegalArgumentException if the result is not a valid request, saying why
     */
    public static HttpRequest of(String method, TargetUrl url, List<String> fields, byte[] body, boolean closing) {
        StringBuilder head = new StringBuilder(method).append(' ').append(url.target()).append(" HTTP/1.1\r\n");
        addUnlessGiven(head, fields, "Host", url.authority());
        fields.forEach(field -> head.append(field).append("\r\n"));
        if (body.length > 0 || method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) {
            addUnlessGiven(head, fields, "Content-Length", Integer.toString(body.length));
        }
        if (closing) {
            addUnlessGiven(head, fields, "Connection", "close");
        }
        byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream request = new ByteArrayOutputStream(headBytes.length + body.length);
        request.writeBytes(headBytes);
        request.writeBytes(body);
        return new HttpRequest(request.toByteArray(), check(headBytes, body.length));
    }

    private static void addUnlessGiven(StringBuilder head, List<String> fields, String name, String value) {
        String start = name + ':';
        if (fields.stream().noneMatch(field -> field.regionMatches(true, 0, start, 0, start.length()))) {
            head.append(start).append(' ').append(value).append("\r\n");
        }
    }

    /** Checks the request before the run, in which a server would only refuse it a hundred thousand times a second. */
    private static HttpMethod check(byte[] head, int bodyBytes) {
        RequestParser parser = new RequestParser(LIMITS);
        ByteBuffer in = ByteBuffer.wrap(head);
        Outcome outcome = parser.parse(in);
        if (outcome != Outcome.COMPLETE || in.hasRemaining()) {
            throw new IllegalArgumentException("not a valid request: " + (outcome == Outcome.REFUSED
                    ? parser.error().sentence() : "a header field holds an empty line"));
        }
        if (parser.method() == HttpMethod.CONNECT || parser.isUpgradeWanted()) {
            throw new IllegalArgumentException("tunnels are no load that can be measured");
        }
        long declared = Math.max(0, parser.contentLength());
        if (parser.framing() != BodyFraming.CHUNKED && declared != bodyBytes) {
            throw new IllegalArgumentException(
                    "Content-Length says " + declared + " and the body has " + bodyBytes + " bytes");
        }
        return parser.method();
    }
}
