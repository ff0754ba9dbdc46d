package io.sluice.core.pool;

import static io.sluice.core.pool.Servers.connections;
import static io.sluice.core.pool.Servers.equalWeights;
import static io.sluice.core.pool.Servers.servers;
import static io.sluice.core.pool.Servers.tried;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sluice.config.PoolConfig.Balance;
import io.sluice.core.stats.Allocation;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every algorithm. */
class BalancerContractTest {

    private static final int[] SKEWED = {256, 1, 7, 1, 64};

    @ParameterizedTest
    @EnumSource
    void takesOneSlotOnTheServerItPicks(Balance balance) {
        Server[] servers = servers(5);
        Server picked = Balancers.of(balance, servers, SKEWED).pick(42, TriedServers.NONE);
        assertEquals(1, picked.connections());
        assertEquals(1, IntStream.of(connections(servers)).sum());
    }

    @ParameterizedTest
    @EnumSource
    void picksNoneOfNoServers(Balance balance) {
        assertNull(Balancers.of(balance, new Server[0], new int[0]).pick(42, TriedServers.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void picksTheOnlyServer(Balance balance) {
        Server[] servers = servers(1);
        assertSame(servers[0], Balancers.of(balance, servers, new int[] {7}).pick(42, TriedServers.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void findsTheOneUntriedServerWhereverItIs(Balance balance) {
        for (int untried = 0; untried < SKEWED.length; untried++) {
            Server[] servers = servers(5);
            Server wanted = servers[untried];
            TriedServers tried = tried(Arrays.stream(servers).filter(s -> s != wanted).toArray(Server[]::new));
            Balancer balancer = Balancers.of(balance, servers, SKEWED);
            for (int hash = 0; hash < 100; hash++) {
                assertSame(wanted, balancer.pick(Hash64.mix(hash), tried));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void fillsEverySlotOfEveryServerAndThenPicksNone(Balance balance) {
        Server[] servers = servers(5, 30);
        Balancer balancer = Balancers.of(balance, servers, SKEWED);
        for (int i = 0; i < 5 * 30; i++) {
            balancer.pick(Hash64.mix(i), TriedServers.NONE);
        }
        assertArrayEquals(new int[] {30, 30, 30, 30, 30}, connections(servers));
        assertNull(balancer.pick(42, TriedServers.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void picksNoneWhenAllAreTriedOrFull(Balance balance) {
        Server[] servers = servers(5, 1);
        servers[0].tryAcquire();
        servers[3].tryAcquire();
        TriedServers tried = tried(servers[1], servers[2], servers[4]);
        assertNull(Balancers.of(balance, servers, SKEWED).pick(42, tried));
        assertArrayEquals(new int[] {1, 0, 0, 1, 0}, connections(servers));
    }

    @ParameterizedTest
    @EnumSource
    void picksAServerAgainThatGaveASlotBack(Balance balance) {
        Server[] servers = servers(5, 1);
        Balancer balancer = Balancers.of(balance, servers, SKEWED);
        for (int i = 0; i < 5; i++) {
            balancer.pick(i, TriedServers.NONE);
        }
        servers[3].release();
        assertSame(servers[3], balancer.pick(42, TriedServers.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void neverTakesMoreSlotsThanThereAreFromManyThreads(Balance balance) throws Exception {
        Server[] servers = servers(5, 100);
        Balancer balancer = Balancers.of(balance, servers, SKEWED);
        Concurrently.run(8, () -> {
            for (int i = 0; i < 100; i++) {
                balancer.pick(Hash64.mix(i), TriedServers.NONE);
            }
        });
        assertArrayEquals(new int[] {100, 100, 100, 100, 100}, connections(servers));
    }

    @ParameterizedTest
    @EnumSource
    void allocatesNothing(Balance balance) {
        Server[] servers = servers(16, 20);
        Balancer balancer = Balancers.of(balance, servers, equalWeights(16));
        TriedServers tried = tried(servers[3], servers[9]);
        fillAndEmpty(balancer, servers, tried, 1_000);
        assertEquals(0, Allocation.by(() -> fillAndEmpty(balancer, servers, tried, 100)));
    }

    /** Goes through all that a pick can meet: free, full and tried servers, and none left. */
    private static void fillAndEmpty(Balancer balancer, Server[] servers, TriedServers tried, int times) {
        for (int i = 0; i < times; i++) {
            while (balancer.pick(Hash64.mix(i), tried) != null) {
                assertEquals(0, servers[3].connections());
            }
            for (Server server : servers) {
                while (server.connections() > 0) {
                    server.release();
                }
            }
        }
    }
}
