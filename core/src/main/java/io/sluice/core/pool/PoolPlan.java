package io.sluice.core.pool;

import io.sluice.config.PoolConfig;
import java.util.List;

/**
 * A pool in one generation of the configuration, which may not be in force yet. Immutable.
 *
 * @param servers as {@link Pool#serversFor} gives them
 */
public record PoolPlan(Pool pool, ServerStates states, PoolConfig config, List<Server> servers) {

    /** The plan for the pool in another configuration. */
    public static PoolPlan of(Pool pool, ServerStates states, PoolConfig next) {
        return new PoolPlan(pool, states, next, pool.serversFor(next));
    }
}
