package io.sluice.core.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SmoothSequenceTest {

    @Test
    void spreadsOutTheTurnsOfTheHeavyOne() {
        assertArrayEquals(new short[] {0, 0, 1, 0, 2, 0, 0}, SmoothSequence.of(new int[] {5, 1, 1}));
        assertArrayEquals(new short[] {2, 1, 0, 2, 1, 2}, SmoothSequence.of(new int[] {1, 2, 3}));
    }

    @Test
    void isAsShortAsTheGreatestCommonDivisorAllows() {
        assertArrayEquals(new short[] {0, 1, 2}, SmoothSequence.of(new int[] {256, 256, 256}));
        assertArrayEquals(new short[] {0, 1, 0}, SmoothSequence.of(new int[] {200, 100}));
    }

    @Test
    void givesEachAsManyTurnsAsItsWeight() {
        Random random = new Random(7);
        int[] weights = random.ints(50, 1, 257).toArray();
        weights[0] = 1;
        assertArrayEquals(weights, turns(SmoothSequence.of(weights), weights.length));
    }

    @Test
    void keepsEveryServerWithinOneTurnOfItsShareAllAlongWhenWeightsAreEqual() {
        short[] sequence = SmoothSequence.of(Servers.equalWeights(4096));
        for (int i = 0; i < sequence.length; i++) {
            assertEquals(i, sequence[i]);
        }
    }

    @Test
    void roundsTheWeightsOfVeryManyServersButLeavesNoneOut() {
        int[] weights = new int[4096];
        Arrays.setAll(weights, i -> i % 2 == 0 ? 256 : 1);
        short[] sequence = SmoothSequence.of(weights);
        int[] turns = turns(sequence, weights.length);
        assertTrue(sequence.length <= 5 * weights.length, "length " + sequence.length);
        assertTrue(IntStream.of(turns).allMatch(count -> count >= 1));
        assertEquals(8, turns[0]);
        assertEquals(1, turns[1]);
    }

    private static int[] turns(short[] sequence, int servers) {
        int[] turns = new int[servers];
        for (short server : sequence) {
            turns[server]++;
        }
        return turns;
    }
}
