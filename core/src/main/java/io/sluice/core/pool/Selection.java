package io.sluice.core.pool;

import io.sluice.config.PoolConfig.Balance;
import java.util.List;

/**
 * The servers of a pool that take new connections at one moment, and their balancer. Immutable but for the balancer's
 * cursors.
 *
 * @param behind the servers to turn to when all of these were tried in vain, such as backups; null if there are none
 */
record Selection(Server[] servers, Balancer balancer, Selection behind) {

    /** @param weights of the servers, in the same order */
    static Selection of(Balance balance, List<Server> servers, int[] weights, Selection behind) {
        Server[] array = servers.toArray(Server[]::new);
        return new Selection(array, Balancers.of(balance, array, weights), behind);
    }

    /** Chooses a server and takes a slot on it, or null; turns to {@code behind} only when all of these were tried. */
    Server pick(long hash, TriedServers tried) {
        if (behind == null || hasUntriedAhead(tried)) {
            return balancer.pick(hash, tried);
        }
        return behind.pick(hash, tried);
    }

    boolean hasUntried(TriedServers tried) {
        return hasUntriedAhead(tried) || behind != null && behind.hasUntried(tried);
    }

    private boolean hasUntriedAhead(TriedServers tried) {
        for (Server server : servers) {
            if (!tried.contains(server)) {
                return true;
            }
        }
        return false;
    }
}
