package io.sluice.core.pool;

import io.sluice.config.PoolConfig.Balance;
import java.util.List;

/**
 * The servers of a pool that take new connections at a moment, and the balancer over them. Immutable but for the
 * balancer's cursors.
 */
record Selection(Server[] servers, Balancer balancer) {

    /** @param weights of the servers, in the same order */
    static Selection of(Balance balance, List<Server> servers, int[] weights) {
        Server[] array = servers.toArray(Server[]::new);
        return new Selection(array, Balancers.of(balance, array, weights));
    }
}
