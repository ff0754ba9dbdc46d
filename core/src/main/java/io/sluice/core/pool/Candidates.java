package io.sluice.core.pool;

import java.util.stream.IntStream;

/**
 * The servers that one balancer chooses from, at least one, and their weights. The caller must not change the arrays.
 * Immutable.
 *
 * @param weights of the servers, in the same order, each at least 1
 */
record Candidates(Server[] servers, int[] weights) {

    Candidates {
        assert servers.length > 0 && servers.length == weights.length : servers.length + " and " + weights.length;
        assert IntStream.of(weights).allMatch(weight -> weight > 0) : "a server of weight 0 is no candidate";
    }

    int count() {
        return servers.length;
    }

    /** Takes a slot on one server, unless it was tried before or has none free. */
    boolean tryTake(int index, TriedServers tried) {
        Server server = servers[index];
        return !tried.contains(server) && server.tryAcquire();
    }

    /** Takes a slot on the first server that allows it, from {@code start} on with wrap-around; null if none does. */
    Server takeAnyFrom(int start, TriedServers tried) {
        for (int i = start; i < servers.length; i++) {
            if (tryTake(i, tried)) {
                return servers[i];
            }
        }
        for (int i = 0; i < start; i++) {
            if (tryTake(i, tried)) {
                return servers[i];
            }
        }
        return null;
    }

    /** Whether server {@code a} has fewer connections for its weight than server {@code b}. */
    boolean isLessLoaded(int a, int connectionsOfA, int b, int connectionsOfB) {
        return (long) connectionsOfA * weights[b] < (long) connectionsOfB * weights[a];
    }
}
