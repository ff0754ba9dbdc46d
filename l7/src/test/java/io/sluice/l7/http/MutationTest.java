package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Broken messages neither make a parser throw nor mean one thing in one piece and another in several. */
class MutationTest {

    private static final int ROUNDS = 4_000;
    private static final HttpLimits LIMITS = new HttpLimits(512, 12, 48);

    private final Mutator mutator = new Mutator(9110);
    private final Random cuts = new Random(9112);

    @Test
    void readsBrokenRequestsTheSameHoweverTheyAreCut() {
        RequestParser parser = new RequestParser(LIMITS);
        for (String sample : Samples.REQUESTS) {
            for (int i = 0; i < ROUNDS; i++) {
                assertSameInPieces(parser, mutator.mutate(sample));
            }
        }
    }

    @Test
    void readsBrokenResponsesTheSameHoweverTheyAreCut() {
        ResponseParser parser = new ResponseParser(LIMITS);
        for (String sample : Samples.RESPONSES) {
            for (int i = 0; i < ROUNDS; i++) {
                assertSameInPieces(parser, mutator.mutate(sample));
            }
        }
    }

    @Test
    void readsBrokenChunksTheSameHoweverTheyAreCut() {
        ChunkParser decoding = new ChunkParser(LIMITS, ChunkParser.Output.DECODED);
        ChunkParser relaying = new ChunkParser(LIMITS, ChunkParser.Output.CHUNKED);
        for (String sample : Samples.CHUNKED_BODIES) {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] bytes = mutator.mutate(sample);
                String whole = Bodies.read(decoding, Pieces.whole(bytes));
                assertEquals(whole, Bodies.read(decoding, Pieces.random(bytes, cuts)));
                String chunked = Bodies.read(relaying, Pieces.whole(bytes));
                assertEquals(chunked, Bodies.read(relaying, Pieces.random(bytes, cuts)));
                Bodies.assertChunkedOutputMeansTheSame(whole, chunked);
            }
        }
    }

    private void assertSameInPieces(HeadParser parser, byte[] bytes) {
        String whole = Heads.read(parser, Pieces.whole(bytes));
        assertEquals(whole, Heads.read(parser, Pieces.random(bytes, cuts)), () -> Pieces.text(bytes));
        assertEquals(whole, Heads.read(parser, Pieces.singleBytes(bytes)), () -> Pieces.text(bytes));
    }
}
