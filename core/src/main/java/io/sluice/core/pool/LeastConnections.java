package io.sluice.core.pool;

import io.sluice.core.stats.PaddedCounter;

/**
 * Picks the server with the fewest connections for its weight. The slot is taken only if the server's count is still
 * the one compared; otherwise all are compared again. Equal servers take turns: the search starts behind the server
 * chosen last. Safe from any thread.
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
            // No server has fewer than 0, so the search ends at the first idle one.
            for (int i = 0; i < servers.length && (best < 0 || bestConnections > 0); i++) {
                int connections = servers[index].connections();
                // Compare first: few servers pass, and the limits of the others need not be read from memory.
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
