package io.sluice.core.pool;

import io.sluice.config.PoolConfig;
import java.util.List;

/**
 * A pool as one generation of the configuration has it, in force already or not yet. Immutable.
 *
 * @param servers as {@link Pool#serversFor} gives them
 */
public record PoolPlan(Pool pool, ServerStates states, PoolConfig config, List<Server> servers) {

    /** What becomes of the pool with another configuration. */
    public static PoolPlan of(Pool pool, ServerStates states, PoolConfig next) {
        return new PoolPlan(pool, states, next, pool.serversFor(next));
    }
}
