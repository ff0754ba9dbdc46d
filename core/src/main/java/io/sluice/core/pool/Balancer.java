package io.sluice.core.pool;

/**
 * Chooses a server for a new connection. One instance stands for one set of servers and weights: when either changes,
 * the {@link Pool} builds another. Immutable but for atomic cursors. Safe from any thread; never blocks or allocates.
 */
interface Balancer {

    /**
     * Chooses a server that is not among {@code tried} and takes a connection slot on it ({@link Server#tryAcquire}).
     *
     * @param hash  of the client's address ({@link ClientHash}) or of another key that the pool balances by; the same
     *              on every host
     * @param tried servers that this connection attempt has already failed on
     * @return the server, whose slot the caller must give back; null if no untried server has a free slot
     */
    Server pick(long hash, TriedServers tried);
}
