package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.l7.http.ChunkParser.Output;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkParserTest {

    private static final HttpLimits LIMITS = new HttpLimits(256, 4, 64);

    private final ChunkParser decoding = new ChunkParser(LIMITS, Output.DECODED);
    private final ChunkParser relaying = new ChunkParser(LIMITS, Output.CHUNKED);

    @ParameterizedTest
    @FieldSource("io.sluice.l7.http.Samples#CHUNKED_BODIES")
    void readsASampleTheSameHoweverItIsCut(String sample) {
        byte[] bytes = Pieces.bytes(sample);
        for (ChunkParser parser : new ChunkParser[] {decoding, relaying}) {
            String whole = Bodies.read(parser, Pieces.whole(bytes));
            assertTrue(whole.startsWith("END"), whole);
            for (int cut = 0; cut <= bytes.length; cut++) {
                assertEquals(whole, Bodies.read(parser, Pieces.cut(bytes, cut)), "cut before byte " + cut);
            }
            assertEquals(whole, Bodies.read(parser, Pieces.singleBytes(bytes)));
            Random random = new Random(9112);
            for (int i = 0; i < 200; i++) {
                assertEquals(whole, Bodies.read(parser, Pieces.random(bytes, random)));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("io.sluice.l7.http.Samples#CHUNKED_BODIES")
    void relaysFramingThatMeansTheSame(String sample) {
        byte[] bytes = Pieces.bytes(sample);
        Bodies.assertChunkedOutputMeansTheSame(
                Bodies.read(decoding, Pieces.whole(bytes)), Bodies.read(relaying, Pieces.whole(bytes)));
    }

    @Test
    void decodesChunks() {
        assertEquals("END hello world of 11 left 3",
                read(decoding, "5\r\nhello\r\n06;x=y\r\n world\r\n0\r\n\r\nGET"));
    }

    @Test
    void relaysChunksWithoutExtensionsLeadingZerosAndTheLastChunk() {
        assertEquals("END 5\r\nhello\r\n6\r\n world\r\n of 11 left 3",
                read(relaying, "5\r\nhello\r\n06;x=y\r\n world\r\n0\r\n\r\nGET"));
    }

    @Test
    void relaysCanonicalChunksInOneRun() {
        ByteBuffer in = Pieces.whole(Pieces.bytes("5\r\nhello\r\nC\r\n world again\r\n0\r\n\r\n")).getFirst();
        int start = in.position();
        assertEquals(BodyEvent.DATA, relaying.next(in));
        assertEquals(start, relaying.runOffset());
        assertEquals("5\r\nhello\r\nC\r\n world again\r\n".length(), relaying.runLength());
        assertEquals(BodyEvent.END, relaying.next(in));
    }

    @Test
    void tellsTrailers() {
        assertEquals("END x of 1\nX-Sum: 1\nDate: today left 0",
                read(decoding, "1\r\nx\r\n0\r\nX-Sum: 1\r\nDate:today \r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource
    void refusesABrokenBody(HttpError error, String body) {
        byte[] bytes = Pieces.bytes(body);
        String expected = "REFUSED " + error;
        for (ChunkParser parser : new ChunkParser[] {decoding, relaying}) {
            assertEquals(expected, Bodies.read(parser, Pieces.whole(bytes)));
            assertEquals(expected, Bodies.read(parser, Pieces.singleBytes(bytes)));
        }
    }

    static Stream<Arguments> refusesABrokenBody() {
        return Stream.of(
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, ";x\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, " 5\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "+5\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "-5\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "0x5\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "5_0\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "g\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "5 \r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "5 5\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "\0005\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "8000000000000000\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "ffffffffffffffff\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "10000000000000005\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_SIZE, "00000000000000005\r\n"),
                Arguments.of(HttpError.BODY_TOO_LARGE, "3e9\r\n"),
                Arguments.of(HttpError.BODY_TOO_LARGE, "7fffffffffffffff\r\n"),
                Arguments.of(HttpError.BODY_TOO_LARGE, "3e8\r\n" + "x".repeat(1000) + "\r\n1\r\n"),
                Arguments.of(HttpError.BARE_LF, "5\nhello"),
                Arguments.of(HttpError.BARE_LF, "5;x\nhello"),
                Arguments.of(HttpError.BARE_CR, "5\rhello"),
                Arguments.of(HttpError.BARE_CR, "5;x\ry\r\n"),
                Arguments.of(HttpError.BARE_CR, "0\rx"),
                Arguments.of(HttpError.BAD_CHUNK_EXTENSION, "5;\r\nhello"),
                Arguments.of(HttpError.BAD_CHUNK_EXTENSION, "5; \nhello"),
                Arguments.of(HttpError.BAD_CHUNK_EXTENSION, "5;;x\r\nhello"),
                Arguments.of(HttpError.BAD_CHUNK_EXTENSION, "5;x\0\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_EXTENSION, "5;\u007f\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_EXTENSION, "5;x\u007f\r\n"),
                Arguments.of(HttpError.CHUNK_EXTENSION_TOO_LONG, "5;" + "x".repeat(256) + "\r\n"),
                Arguments.of(HttpError.CHUNK_EXTENSION_TOO_LONG, "5" + " ".repeat(257) + ";\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_END, "5\r\nhello!\r\n"),
                Arguments.of(HttpError.BAD_CHUNK_END, "5\r\nhello\n"),
                Arguments.of(HttpError.BAD_CHUNK_END, "5\r\nhello\rx"),
                Arguments.of(HttpError.BAD_CHUNK_END, "5\r\nhello0\r\n\r\n"),
                Arguments.of(HttpError.FORBIDDEN_TRAILER, "0\r\nContent-Length: 5\r\n\r\n"),
                Arguments.of(HttpError.FORBIDDEN_TRAILER, "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of(HttpError.FORBIDDEN_TRAILER, "0\r\nHost: a\r\n\r\n"),
                Arguments.of(HttpError.FORBIDDEN_TRAILER, "0\r\nX-Ok: 1\r\nauthorization: Basic eDp5\r\n\r\n"),
                Arguments.of(HttpError.FORBIDDEN_TRAILER, "0\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n"),
                Arguments.of(HttpError.SPACE_BEFORE_COLON, "0\r\nX : y\r\n\r\n"),
                Arguments.of(HttpError.OBS_FOLD, "0\r\n X: y\r\n\r\n"),
                Arguments.of(HttpError.TOO_MANY_FIELDS, "0\r\n" + "X: y\r\n".repeat(5)),
                Arguments.of(HttpError.HEAD_TOO_LARGE, "0\r\nX: " + "y".repeat(256)));
    }

    /** Recipients act on these before the body, or they are for one connection only. */
    @ParameterizedTest
    @ValueSource(strings = {
            "Authorization", "Cache-Control", "Connection", "Content-Encoding", "Content-Length", "Content-Range",
            "Content-Type", "Cookie", "Expect", "Forwarded", "Host", "Keep-Alive", "Location", "Max-Forwards",
            "Proxy-Authorization", "Proxy-Connection", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
            "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-IP"
    })
    void refusesATrailerThatComesTooLate(String name) {
        assertEquals("REFUSED FORBIDDEN_TRAILER", read(relaying, "0\r\nX-Ok: 1\r\n" + name + ": 1\r\n\r\n"));
    }

    @Test
    void acceptsAnExtensionOfExactlyTheBound() {
        assertEquals("END hello of 5 left 0", read(decoding, "5;" + "x".repeat(255) + "\r\nhello\r\n0\r\n\r\n"));
    }

    /** The bound is for each chunk, the last one included, of each body. */
    @Test
    void countsTheExtensionsOfEachChunkAlone() {
        String extension = ";" + "x".repeat(200);
        String body = "1" + extension + "\r\na\r\n1" + extension + "\r\nb\r\n0" + extension + "\r\n\r\n";
        assertEquals("END ab of 2 left 0", read(decoding, body));
        assertEquals("END ab of 2 left 0", read(decoding, body));
    }

    @Test
    void acceptsABodyOfExactlyTheLimit() {
        assertTrue(read(decoding, "3e7\r\n" + "x".repeat(999) + "\r\n1\r\nx\r\n0\r\n\r\n").startsWith("END"));
    }

    private static String read(ChunkParser parser, String body) {
        return Bodies.read(parser, Pieces.whole(Pieces.bytes(body)));
    }
}
