package io.sluice.core.pool;

/** Fills the servers up in their order: picks the first one that has a free slot. Immutable. Safe from any thread. */
final class First implements Balancer {

    private final Candidates candidates;

    First(Candidates candidates) {
        this.candidates = candidates;
    }

    @Override
    public Server pick(long hash, TriedServers tried) {
        return candidates.takeAnyFrom(0, tried);
    }
}
