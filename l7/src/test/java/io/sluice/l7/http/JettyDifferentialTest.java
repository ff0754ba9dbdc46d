package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What Sluice accepts, another implementation accepts too, and understands the same: start line, fields, framing, body.
 */
class JettyDifferentialTest {

    private static final int ROUNDS = 10_000;

    /** In the start line. */
    private static final Pattern LATER_VERSION = Pattern.compile("\\A\\s*\\V*HTTP/1\\.[2-9]");

    private final RequestParser requests = new RequestParser(HttpLimits.DEFAULT);
    private final ResponseParser responses = new ResponseParser(HttpLimits.DEFAULT);
    private final BodyFramer framer = new BodyFramer(HttpLimits.DEFAULT, ChunkParser.Output.DECODED);
    private int accepted;

    @Test
    void understandsRequestsAsJettyDoes() {
        Mutator mutator = new Mutator(42);
        for (String sample : Samples.REQUESTS) {
            compareRequest(Pieces.bytes(sample));
            for (int i = 0; i < ROUNDS; i++) {
                compareRequest(mutator.mutate(sample));
            }
        }
        assertTrue(accepted > Samples.REQUESTS.size() * ROUNDS / 10, "too few messages accepted to compare");
    }

    @Test
    void understandsResponsesAsJettyDoes() {
        Mutator mutator = new Mutator(43);
        for (String sample : Samples.RESPONSES) {
            compareResponse(Pieces.bytes(sample));
            for (int i = 0; i < ROUNDS; i++) {
                compareResponse(mutator.mutate(sample));
            }
        }
        assertTrue(accepted > Samples.RESPONSES.size() * ROUNDS / 10, "too few messages accepted to compare");
    }

    @Test
    void understandsChunksAsJettyDoes() {
        Mutator mutator = new Mutator(44);
        String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (String sample : Samples.CHUNKED_BODIES) {
            for (int i = 0; i < ROUNDS; i++) {
                compareRequest(Pieces.bytes(head + Pieces.text(mutator.mutate(sample))));
            }
        }
        assertTrue(accepted > Samples.CHUNKED_BODIES.size() * ROUNDS / 10, "too few messages accepted to compare");
    }

    private void compareRequest(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        requests.reset();
        if (requests.parse(in) != Outcome.COMPLETE || isKnownDifference(requests) || isOfLaterVersion(bytes)) {
            return;
        }
        JettyOracle jetty = JettyOracle.request(bytes);
        String method = Pieces.text(requests.bytes(), requests.methodOffset(), requests.methodLength());
        String start = method + " " + Heads.target(requests) + " HTTP/1." + requests.minorVersion();
        compareHead(requests, start, jetty, bytes);
        compareBody(requests.framing(), requests.contentLength(), in, jetty, bytes);
    }

    private void compareResponse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        responses.reset();
        if (responses.parse(in) != Outcome.COMPLETE || isKnownDifference(responses) || isOfLaterVersion(bytes)) {
            return;
        }
        JettyOracle jetty = JettyOracle.response(bytes);
        compareHead(responses, "HTTP/1." + responses.minorVersion() + " " + responses.status(), jetty, bytes);
        compareBody(responses.framing(), responses.contentLength(), in, jetty, bytes);
    }

    private void compareHead(HeadParser parser, String start, JettyOracle jetty, byte[] bytes) {
        accepted++;
        String message = Pieces.text(bytes);
        assertTrue(jetty.headerComplete, () -> jetty.error + " in " + message);
        assertEquals(start, jetty.start, message);
        assertEquals(fields(parser.fields()), lowerCaseNames(jetty.fields), message);
    }

    private void compareBody(BodyFraming framing, long length, ByteBuffer in, JettyOracle jetty, byte[] bytes) {
        String message = Pieces.text(bytes);
        StringBuilder body = new StringBuilder();
        framer.begin(framing, length);
        BodyEvent event = framer.next(in);
        while (event == BodyEvent.DATA) {
            byte[] run = new byte[framer.runLength()];
            in.get(framer.runOffset(), run);
            body.append(Pieces.text(run));
            event = framer.next(in);
        }
        if (framing == BodyFraming.UNTIL_CLOSE) {
            framer.onEndOfStream();
        }
        if (framer.isEnded() && (jetty.error == null || !isKnownDifference(framing, bytes))) {
            assertNull(jetty.error, message);
            assertTrue(jetty.messageComplete, message);
            assertEquals(framing == BodyFraming.CHUNKED, jetty.chunked, message);
            assertEquals(body.toString(), jetty.body.toString(), message);
            assertEquals(framing == BodyFraming.CHUNKED ? fields(framer.trailers()) : List.of(),
                    lowerCaseNames(jetty.trailers), message);
        }
    }

    /** Jetty refuses HTTP/1.2, where RFC 9110, section 2.5, has it taken for the latest of its major version. */
    private static boolean isOfLaterVersion(byte[] bytes) {
        return LATER_VERSION.matcher(Pieces.text(bytes)).find();
    }

    /**
     * Jetty refuses a Host that ends in a colon, where RFC 3986, section 3.2.3, allows an empty port, and a
     * Content-Length that lists equal values, where RFC 9112, section 6.3, allows to take them as one.
     */
    private static boolean isKnownDifference(RequestParser request) {
        return valueHas(request, KnownField.HOST, ":$") || valueHas(request, KnownField.CONTENT_LENGTH, ",");
    }

    private static boolean valueHas(HeadParser parser, KnownField field, String pattern) {
        HeaderFields fields = parser.fields();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.is(i, field) && Pattern.compile(pattern).matcher(Heads.value(parser, i)).find()) {
                return true;
            }
        }
        return false;
    }

    /** Jetty reads extensions; here they are dropped unread, so long as nothing in them could end their line. */
    private static boolean isKnownDifference(BodyFraming framing, byte[] bytes) {
        return framing == BodyFraming.CHUNKED && Pieces.text(bytes).contains(";");
    }

    /** As above; and it reads Host in a response, and refuses what RFC 9112, section 4, allows in a reason phrase. */
    private static boolean isKnownDifference(ResponseParser response) {
        return Heads.reason(response).chars().anyMatch(octet -> octet > 0x7f || octet == '\t')
                || response.fields().has(KnownField.HOST) || valueHas(response, KnownField.CONTENT_LENGTH, ",");
    }

    private static List<String> fields(HeaderFields fields) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < fields.count(); i++) {
            texts.add(Pieces.text(fields.bytes(), fields.nameOffset(i), fields.nameLength(i)).toLowerCase(Locale.ROOT)
                    + ": " + Pieces.text(fields.bytes(), fields.valueOffset(i), fields.valueLength(i)));
        }
        return texts;
    }

    /** Jetty may answer with the name as it keeps it for fields that it knows. */
    private static List<String> lowerCaseNames(List<String> fields) {
        return fields.stream().map(JettyDifferentialTest::lowerCaseName).toList();
    }

    private static String lowerCaseName(String field) {
        int colon = field.indexOf(':');
        return field.substring(0, colon).toLowerCase(Locale.ROOT) + field.substring(colon);
    }
}
