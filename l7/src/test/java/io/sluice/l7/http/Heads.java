package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** What a parser made of a head, all of it as text, so that two readings can be compared. */
public final class Heads {

    private Heads() { }

    /** Feeds the pieces and tells what came out, with the count of bytes that were left. */
    public static String read(HeadParser parser, List<ByteBuffer> pieces) {
        parser.reset();
        Outcome outcome = Outcome.INCOMPLETE;
        int left = 0;
        for (ByteBuffer piece : pieces) {
            if (outcome == Outcome.INCOMPLETE) {
                outcome = parser.parse(piece);
                assertTrue(outcome != Outcome.INCOMPLETE || !piece.hasRemaining(), "INCOMPLETE before bytes ran out");
            }
            left += piece.remaining();
        }
        return switch (outcome) {
            case INCOMPLETE -> "INCOMPLETE";
            case REFUSED -> "REFUSED " + parser.error();
            case COMPLETE -> describe(parser) + "\nleft " + left;
        };
    }

    /** The sample is whole, and means the same in whatever pieces it comes. */
    static void assertSameHoweverCut(HeadParser parser, String sample) {
        byte[] bytes = Pieces.bytes(sample);
        String whole = read(parser, Pieces.whole(bytes));
        assertTrue(whole.contains("\nleft "), whole);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertEquals(whole, read(parser, Pieces.cut(bytes, cut)), "cut before byte " + cut);
        }
        assertEquals(whole, read(parser, Pieces.singleBytes(bytes)));
        Random random = new Random(9112);
        for (int i = 0; i < 200; i++) {
            assertEquals(whole, read(parser, Pieces.random(bytes, random)));
        }
    }

    /** The head is refused for the same reason at the same byte in whatever pieces it comes. */
    static void assertRefused(HeadParser parser, HttpError error, String head) {
        byte[] bytes = Pieces.bytes(head);
        String expected = "REFUSED " + error;
        assertEquals(expected, read(parser, Pieces.whole(bytes)));
        int fault = parser.faultPosition();
        assertEquals(expected, read(parser, Pieces.singleBytes(bytes)));
        assertEquals(fault, parser.faultPosition());
        for (int cut = 0; cut < bytes.length; cut++) {
            assertEquals(expected, read(parser, Pieces.cut(bytes, cut)), "cut before byte " + cut);
            assertEquals(fault, parser.faultPosition(), "cut before byte " + cut);
        }
    }

    private static String describe(HeadParser parser) {
        String start = switch (parser) {
            case RequestParser request -> describe(request);
            case ResponseParser response -> describe(response);
            case TrailerParser trailer -> "";
        };
        StringBuilder text = new StringBuilder(start);
        HeaderFields fields = parser.fields();
        for (int i = 0; i < fields.count(); i++) {
            text.append('\n').append(name(parser, i)).append(": ").append(value(parser, i));
            text.append(fields.isHopByHop(i) ? "   hop-by-hop" : "");
        }
        return text.toString();
    }

    private static String describe(RequestParser request) {
        return request.method() + " " + text(request, request.methodOffset(), request.methodLength())
                + " " + request.targetForm() + " " + target(request)
                + " path=" + text(request, request.pathOffset(), request.pathLength())
                + " query=" + text(request, request.queryOffset(), request.queryLength())
                + " host=" + host(request) + " port=" + request.port()
                + " 1." + request.minorVersion()
                + " " + request.framing() + " " + request.contentLength()
                + (request.isPersistent() ? " persistent" : "")
                + (request.isContinueExpected() ? " continue" : "")
                + (request.isUpgradeWanted() ? " upgrade" : "");
    }

    private static String describe(ResponseParser response) {
        return "1." + response.minorVersion() + " " + response.status() + " " + reason(response)
                + " " + response.framing() + " " + response.contentLength()
                + (response.isPersistent() ? " persistent" : "")
                + (response.isInterim() ? " interim" : "");
    }

    static String target(RequestParser request) {
        return text(request, request.targetOffset(), request.targetLength());
    }

    static String host(RequestParser request) {
        return request.hostLength() == 0 ? "" : text(request, request.hostOffset(), request.hostLength());
    }

    static String reason(ResponseParser response) {
        return text(response, response.reasonOffset(), response.reasonLength());
    }

    static String name(HeadParser parser, int index) {
        return text(parser, parser.fields().nameOffset(index), parser.fields().nameLength(index));
    }

    static String value(HeadParser parser, int index) {
        return text(parser, parser.fields().valueOffset(index), parser.fields().valueLength(index));
    }

    private static String text(HeadParser parser, int offset, int length) {
        assertTrue(offset >= 0 && length >= 0 && offset + length <= parser.headLength(), "positions outside the head");
        return Pieces.text(parser.bytes(), offset, length);
    }
}
