package io.sluice.l7.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;

/** What Jetty's parser makes of a message: a second opinion that shares no code with ours. */
final class JettyOracle implements HttpParser.RequestHandler, HttpParser.ResponseHandler {

    /** Equal values of Content-Length are taken as one, as here. */
    private static final HttpCompliance COMPLIANCE =
            HttpCompliance.RFC9110.with("codec", HttpCompliance.Violation.MULTIPLE_CONTENT_LENGTHS);

    String start;
    String error;
    final List<String> fields = new ArrayList<>();
    final List<String> trailers = new ArrayList<>();
    final StringBuilder body = new StringBuilder();
    boolean headerComplete;
    boolean messageComplete;
    boolean chunked;

    static JettyOracle request(byte[] bytes) {
        JettyOracle oracle = new JettyOracle();
        oracle.feed(new HttpParser((HttpParser.RequestHandler) oracle, -1, COMPLIANCE), bytes, false);
        return oracle;
    }

    static JettyOracle response(byte[] bytes) {
        JettyOracle oracle = new JettyOracle();
        oracle.feed(new HttpParser((HttpParser.ResponseHandler) oracle, -1, COMPLIANCE), bytes, true);
        return oracle;
    }

    private void feed(HttpParser parser, byte[] bytes, boolean atEnd) {
        // Its cache would answer with values as it knows them, not as they were sent.
        parser.setHeaderCacheSize(0);
        parser.setHeaderCacheCaseSensitive(true);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int before = -1;
            while (!messageComplete && error == null && in.remaining() != before) {
                before = in.remaining();
                parser.parseNext(in);
                chunked |= parser.isChunking();
            }
            if (atEnd && !messageComplete) {
                parser.atEOF();
                parser.parseNext(in);
            }
        } catch (HttpException.RuntimeException e) {
            error = e.toString();
        }
    }

    @Override
    public void startRequest(String method, String uri, org.eclipse.jetty.http.HttpVersion version) {
        start = method + " " + uri + " " + version;
    }

    @Override
    public void startResponse(org.eclipse.jetty.http.HttpVersion version, int status, String reason) {
        start = version + " " + status;
    }

    @Override
    public void parsedHeader(HttpField field) {
        fields.add(text(field));
    }

    @Override
    public void parsedTrailer(HttpField field) {
        trailers.add(text(field));
    }

    private static String text(HttpField field) {
        return field.getName() + ": " + (field.getValue() == null ? "" : field.getValue());
    }

    @Override
    public boolean headerComplete() {
        headerComplete = true;
        return false;
    }

    @Override
    public boolean content(ByteBuffer item) {
        body.append(StandardCharsets.ISO_8859_1.decode(item));
        return false;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public boolean messageComplete() {
        messageComplete = true;
        return true;
    }

    @Override
    public void earlyEOF() {
        error = "early end";
    }

    @Override
    public void badMessage(HttpException failure) {
        error = failure.toString();
    }
}
