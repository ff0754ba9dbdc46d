package io.sluice.core.pool;

import io.sluice.config.PoolConfig.Balance;

/** Makes the balancer that a pool's configuration names. Safe from any thread. */
final class Balancers {

    private static final Balancer NONE = (hash, tried) -> null;

    private Balancers() { }

    /**
     * @param servers those to choose from; if there are none, the balancer picks null. Not changed afterwards.
     * @param weights of these servers, 1 to {@link io.sluice.config.ServerConfig#MAX_WEIGHT}. Not changed afterwards.
     */
    static Balancer of(Balance balance, Server[] servers, int[] weights) {
        if (servers.length == 0) {
            return NONE;
        }
        Candidates candidates = new Candidates(servers, weights);
        return switch (balance) {
            case ROUND_ROBIN -> new RoundRobin(candidates);
            case LEAST_CONNECTIONS -> new LeastConnections(candidates);
            case IP_HASH, HASH -> new ConsistentHash(candidates);
            case RANDOM_OF_TWO -> new RandomOfTwo(candidates);
            case FIRST -> new First(candidates);
        };
    }
}
