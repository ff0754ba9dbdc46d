package io.sluice.core.pool;

import java.util.stream.IntStream;

/**
 * Smooth weighted round robin, worked out in advance: the order in which servers take their turns so that each has as
 * many as its weight says and the turns of a heavy one are spread out. Weights 5, 1, 1 give 0 0 1 0 2 0 0.
 *
 * <p>At each step every server gains its weight; the one that then has most takes the turn and pays the sum of all
 * weights. That costs servers times turns, kept to about {@value #MOST_STEPS} steps: where it would be more, as with
 * more than 512 servers of great and different weights, weights are rounded to the nearest n / {@value #MOST_STEPS} of
 * their sum, n being the number of servers, and never to nothing.
 */
final class SmoothSequence {

    static final int MOST_STEPS = 1 << 26;

    private SmoothSequence() { }

    /** The indices of the servers in the order of their turns, one full cycle. */
    static short[] of(int[] weights) {
        int[] shares = bounded(reduced(weights));
        int total = IntStream.of(shares).sum();
        int[] gained = new int[shares.length];
        short[] sequence = new short[total];
        for (int step = 0; step < total; step++) {
            int most = 0;
            for (int i = 0; i < shares.length; i++) {
                gained[i] += shares[i];
                if (gained[i] > gained[most]) {
                    most = i;
                }
            }
            gained[most] -= total;
            sequence[step] = (short) most;
        }
        return sequence;
    }

    private static int[] reduced(int[] weights) {
        int divisor = 0;
        for (int weight : weights) {
            divisor = greatestCommonDivisor(divisor, weight);
        }
        int[] reduced = weights.clone();
        for (int i = 0; i < reduced.length; i++) {
            reduced[i] /= divisor;
        }
        return reduced;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private static int[] bounded(int[] weights) {
        long total = IntStream.of(weights).asLongStream().sum();
        long mostTurns = MOST_STEPS / weights.length;
        if (total <= mostTurns) {
            return weights;
        }
        int[] rounded = new int[weights.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (int) Math.max(1, (weights[i] * mostTurns + total / 2) / total);
        }
        return rounded;
    }
}
