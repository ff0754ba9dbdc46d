package io.sluice.l7.http.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sluice.l7.http.Bodies;
import io.sluice.l7.http.ChunkParser;
import io.sluice.l7.http.HeadParser;
import io.sluice.l7.http.Heads;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.PathNormalizer;
import io.sluice.l7.http.Pieces;
import io.sluice.l7.http.RequestParser;
import io.sluice.l7.http.ResponseParser;
import io.sluice.l7.http.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes from a fuzzer that watches which branches they reach. No bytes make a parser throw or leave its bounds, and
 * all mean the same in one piece, in random pieces and byte by byte.
 *
 * <p>In {@code mvn verify} each test runs over the samples, and over the inputs that once failed, kept in
 * {@code src/test/resources} beside this class. To fuzz one target for an hour (then {@code responses}, {@code chunks},
 * {@code paths}), with what is found worth keeping in {@code .cifuzz-corpus} of this module:
 *
 * <pre>
 *   JAZZER_FUZZ=1 mvn -pl fuzz -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=CodecFuzzTest#requests
 * </pre>
 *
 * An input that fails is written to {@code src/test/resources} and from then on is part of every build.
 */
class CodecFuzzTest {

    private static final String AN_HOUR = "60m";
    private static final HttpLimits LIMITS = new HttpLimits(512, 12, 64);

    private final RequestParser requestParser = new RequestParser(LIMITS);
    private final ResponseParser responseParser = new ResponseParser(LIMITS);
    private final ChunkParser decoding = new ChunkParser(LIMITS, ChunkParser.Output.DECODED);
    private final ChunkParser relaying = new ChunkParser(LIMITS, ChunkParser.Output.CHUNKED);
    private final PathNormalizer normalizer = new PathNormalizer(true);

    @MethodSource
    @FuzzTest(maxDuration = AN_HOUR)
    void requests(byte[] bytes) {
        assertSameInPieces(requestParser, bytes);
    }

    static Stream<Arguments> requests() {
        return seeds(Samples.REQUESTS);
    }

    @MethodSource
    @FuzzTest(maxDuration = AN_HOUR)
    void responses(byte[] bytes) {
        assertSameInPieces(responseParser, bytes);
    }

    static Stream<Arguments> responses() {
        return seeds(Samples.RESPONSES);
    }

    @MethodSource
    @FuzzTest(maxDuration = AN_HOUR)
    void chunks(byte[] bytes) {
        Random random = new Random(Arrays.hashCode(bytes));
        String decoded = Bodies.read(decoding, Pieces.whole(bytes));
        assertEquals(decoded, Bodies.read(decoding, Pieces.random(bytes, random)));
        String chunked = Bodies.read(relaying, Pieces.whole(bytes));
        assertEquals(chunked, Bodies.read(relaying, Pieces.random(bytes, random)));
        Bodies.assertChunkedOutputMeansTheSame(decoded, chunked);
    }

    static Stream<Arguments> chunks() {
        return seeds(Samples.CHUNKED_BODIES);
    }

    @MethodSource
    @FuzzTest(maxDuration = AN_HOUR)
    void paths(byte[] bytes) {
        byte[] path = Pieces.bytes("/" + Pieces.text(bytes));
        byte[] normal = new byte[path.length];
        int length = normalizer.normalize(path, 0, path.length, normal);
        if (length > 0) {
            assertEquals(PathNormalizer.ALREADY_NORMAL, normalizer.normalize(normal, 0, length, path));
        }
    }

    static Stream<Arguments> paths() {
        return seeds(List.of("", "a/./b/../c", "%7euser//%2F", "..", "%00", "%2e%2E/"));
    }

    private static Stream<Arguments> seeds(List<String> samples) {
        return samples.stream().map(sample -> Arguments.of((Object) Pieces.bytes(sample)));
    }

    private static void assertSameInPieces(HeadParser parser, byte[] bytes) {
        String whole = Heads.read(parser, Pieces.whole(bytes));
        assertEquals(whole, Heads.read(parser, Pieces.random(bytes, new Random(Arrays.hashCode(bytes)))));
        assertEquals(whole, Heads.read(parser, Pieces.singleBytes(bytes)));
    }
}
