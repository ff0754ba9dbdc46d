package io.sluice.core.pool;

import java.util.stream.Stream;

/**
 * Picks the same server for the same hash, on every host that has the same servers ({@link MaglevTable}). If that
 * server has failed or is full, its clients go to the servers that follow in the table. Immutable. Safe from any
 * thread.
 */
final class ConsistentHash implements Balancer {

    /** How many slots of the table to try before trying all servers in their order. */
    private static final int MOST_STEPS = 128;

    private final Candidates candidates;
    private final MaglevTable table;

    ConsistentHash(Candidates candidates) {
        this.candidates = candidates;
        String[] names = Stream.of(candidates.servers()).map(Server::name).toArray(String[]::new);
        table = new MaglevTable(names, candidates.weights());
    }

    @Override
    public Server pick(long hash, TriedServers tried) {
        int slot = MaglevTable.slotOf(hash);
        int refused = -1;
        for (int step = 0; step < MOST_STEPS; step++) {
            int index = table.serverAt(slot);
            if (index != refused && candidates.tryTake(index, tried)) {
                return candidates.servers()[index];
            }
            refused = index;
            slot = MaglevTable.slotAfter(slot);
        }
        return candidates.takeAnyFrom(refused, tried);
    }
}
