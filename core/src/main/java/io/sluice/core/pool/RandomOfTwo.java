package io.sluice.core.pool;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Draws two different servers at random, in proportion to their weights, and picks the one with fewer connections for
 * its weight. Immutable. Safe from any thread.
 */
final class RandomOfTwo implements Balancer {

    private final Candidates candidates;
    /** The sum of the weights up to and with each server. */
    private final int[] weightUpTo;

    RandomOfTwo(Candidates candidates) {
        this.candidates = candidates;
        weightUpTo = candidates.weights().clone();
        for (int i = 1; i < weightUpTo.length; i++) {
            weightUpTo[i] += weightUpTo[i - 1];
        }
    }

    @Override
    public Server pick(long hash, TriedServers tried) {
        if (candidates.count() == 1) {
            return candidates.takeAnyFrom(0, tried);
        }
        int one = drawAny();
        int other = drawOtherThan(one);
        int better = isBetter(other, one) ? other : one;
        int worse = better == one ? other : one;
        if (candidates.tryTake(better, tried)) {
            return candidates.servers()[better];
        }
        return candidates.takeAnyFrom(worse, tried);
    }

    private boolean isBetter(int a, int b) {
        Server[] servers = candidates.servers();
        return candidates.isLessLoaded(a, servers[a].connections(), b, servers[b].connections());
    }

    private int drawAny() {
        return serverAt(ThreadLocalRandom.current().nextInt(weightUpTo[weightUpTo.length - 1]));
    }

    /** Draws as if the excluded server's stretch of the weights were cut out. */
    private int drawOtherThan(int excluded) {
        int width = candidates.weights()[excluded];
        int start = weightUpTo[excluded] - width;
        int point = ThreadLocalRandom.current().nextInt(weightUpTo[weightUpTo.length - 1] - width);
        return serverAt(point < start ? point : point + width);
    }

    /** The first server whose sum of weights is greater than {@code point}. */
    private int serverAt(int point) {
        int low = 0;
        int high = weightUpTo.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (weightUpTo[middle] > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
