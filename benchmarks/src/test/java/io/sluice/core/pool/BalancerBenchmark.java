package io.sluice.core.pool;

import io.sluice.config.PoolConfig.Balance;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Choosing a server and giving its slot back, by each balancer, from a few servers to thousands. Every server has some
 * connections, so that who looks for the fewest has to look at all.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BalancerBenchmark {

    private static final int MOST_CONNECTIONS = 7;

    @Param
    Balance balance;

    @Param({"3", "100", "4000"})
    int servers;

    private Balancer balancer;
    private long hash;

    @Setup
    public void fill() {
        Server[] all = Servers.servers(servers);
        for (int i = 0; i < all.length; i++) {
            for (int connections = 0; connections <= i % MOST_CONNECTIONS; connections++) {
                all[i].tryAcquire();
            }
        }
        balancer = Balancers.of(balance, all, Servers.equalWeights(servers));
    }

    @Benchmark
    public Server pick() {
        hash = Hash64.mix(hash + 1);
        Server server = balancer.pick(hash, TriedServers.NONE);
        server.release();
        return server;
    }
}
