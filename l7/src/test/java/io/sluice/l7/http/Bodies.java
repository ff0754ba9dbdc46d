package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** What a chunk parser made of a body, as text, so that two readings can be compared. */
public final class Bodies {

    /** Of a body's data. */
    static final long MOST_BYTES = 1000;

    private Bodies() { }

    /** Feeds the pieces; what came out, how it ended, and the count of bytes that were left. */
    public static String read(ChunkParser parser, List<ByteBuffer> pieces) {
        parser.reset();
        parser.limit(MOST_BYTES);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        BodyEvent event = BodyEvent.NEED_MORE;
        int left = 0;
        for (ByteBuffer piece : pieces) {
            if (event == BodyEvent.NEED_MORE) {
                event = read(parser, piece, data);
            }
            left += piece.remaining();
        }
        return switch (event) {
            case REFUSED -> "REFUSED " + parser.error();
            case END -> "END " + text(data) + " of " + parser.bodyBytes() + trailers(parser) + " left " + left;
            default -> event + " " + text(data) + " of " + parser.bodyBytes();
        };
    }

    private static String withoutCounts(String reading) {
        return reading.substring(0, reading.lastIndexOf(" of "));
    }

    private static BodyEvent read(ChunkParser parser, ByteBuffer piece, ByteArrayOutputStream data) {
        while (true) {
            int before = piece.position();
            BodyEvent event = parser.next(piece);
            if (event != BodyEvent.DATA) {
                assertTrue(event != BodyEvent.NEED_MORE || !piece.hasRemaining(), "NEED_MORE before bytes ran out");
                return event;
            }
            assertTrue(parser.runLength() > 0, "an empty run");
            assertTrue(parser.runOffset() >= before, "a run before the bytes given");
            assertTrue(parser.runOffset() + parser.runLength() <= piece.position(), "a run of bytes not taken");
            byte[] run = new byte[parser.runLength()];
            piece.get(parser.runOffset(), run);
            data.writeBytes(run);
        }
    }

    private static String text(ByteArrayOutputStream data) {
        return Pieces.text(data.toByteArray(), 0, data.size());
    }

    private static String trailers(ChunkParser parser) {
        StringBuilder text = new StringBuilder();
        HeaderFields fields = parser.trailers();
        for (int i = 0; i < fields.count(); i++) {
            text.append('\n').append(Pieces.text(fields.bytes(), fields.nameOffset(i), fields.nameLength(i)));
            text.append(": ").append(Pieces.text(fields.bytes(), fields.valueOffset(i), fields.valueLength(i)));
        }
        return text.toString();
    }

    /** What was relayed with its framing must itself be a body that decodes to the same data. */
    public static void assertChunkedOutputMeansTheSame(String decoded, String chunked) {
        if (chunked.startsWith("END ")) {
            String body = withoutCounts(chunked).substring(4) + "0\r\n\r\n";
            String again = read(new ChunkParser(HttpLimits.DEFAULT, ChunkParser.Output.DECODED),
                    Pieces.whole(Pieces.bytes(body)));
            assertEquals(withoutCounts(decoded), withoutCounts(again));
        } else {
            assertEquals(decoded.startsWith("REFUSED"), chunked.startsWith("REFUSED"));
        }
    }
}
