package io.sluice.core.pool;

import io.sluice.core.stats.PaddedCounter;

/**
 * The server with the fewest connections for its weight. It is still the one with the fewest when its slot is taken:
 * whoever loses the race for a slot compares again. Equal ones take turns: the search starts behind the server chosen
 * last. Safe from any thread.
 */
final class LeastConnections implements Balancer {

    private final Candidates candidates;
    private final PaddedCounter searchStart = new PaddedCounter();

    LeastConnections(Candidates candidates) {
        this.candidates = candidates;
    }

    @Override
    public Server pick(long hash, TriedServers tried) {
        Server[] servers = candidates.servers();
        for (;;) {
            int best = -1;
            int bestConnections = 0;
            int index = searchStart.get();
            // None has fewer than 0, so a pool with servers to spare is not searched to its end.
            for (int i = 0; i < servers.length && (best < 0 || bestConnections > 0); i++) {
                int connections = servers[index].connections();
                // Comparing comes first: few servers pass, and the others' limits are not read from memory.
                if ((best < 0 || candidates.isLessLoaded(index, connections, best, bestConnections))
                        && isOpen(servers[index], tried)) {
                    best = index;
                    bestConnections = connections;
                }
                index = after(index);
            }
            if (best < 0) {
                return null;
            }
            if (servers[best].tryAcquire(bestConnections)) {
                searchStart.set(after(best));
                return servers[best];
            }
        }
    }

    private static boolean isOpen(Server server, TriedServers tried) {
        return server.hasFreeSlot() && !tried.contains(server);
    }

    private int after(int index) {
        return index + 1 == candidates.count() ? 0 : index + 1;
    }
}
