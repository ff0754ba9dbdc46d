package io.sluice.core.pool;

import static io.sluice.core.pool.Servers.connections;
import static io.sluice.core.pool.Servers.equalWeights;
import static io.sluice.core.pool.Servers.picks;
import static io.sluice.core.pool.Servers.server;
import static io.sluice.core.pool.Servers.servers;
import static io.sluice.core.pool.Servers.tried;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest {

    @Test
    void takesEqualServersInTurn() {
        assertEquals("s0 s1 s2 s0 s1 s2 s0", picks(roundRobin(servers(3), 1, 1, 1), 7, true));
    }

    @Test
    void spreadsTheTurnsOfAHeavyServerAndStartsAgain() {
        assertEquals("s0 s0 s1 s0 s2 s0 s0 s0 s0 s1", picks(roundRobin(servers(3), 5, 1, 1), 10, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 9})
    void givesThreeEqualServers300Of900FromAnyNumberOfThreads(int threads) throws Exception {
        Server[] servers = servers(3);
        pickFrom(threads, 900 / threads, roundRobin(servers, equalWeights(3)));
        assertArrayEquals(new int[] {300, 300, 300}, connections(servers));
    }

    @Test
    void isExactByWeightFromEightThreads() throws Exception {
        Server[] servers = servers(4);
        pickFrom(8, 10_000, roundRobin(servers, 1, 2, 3, 4));
        assertArrayEquals(new int[] {8_000, 16_000, 24_000, 32_000}, connections(servers));
    }

    @Test
    void passesOverATriedServer() {
        Server[] servers = servers(3);
        assertSame(servers[1], roundRobin(servers, 1, 1, 1).pick(0, tried(servers[0])));
    }

    @Test
    void leavesNoServerToStandInAloneForAFullHeavyOne() {
        Server[] servers = {server("full", 1), server("a", 1_000), server("b", 1_000)};
        servers[0].tryAcquire();
        picks(roundRobin(servers, 256, 1, 1), 900, false);
        assertTrue(servers[1].connections() >= 225, "a has " + servers[1].connections());
        assertTrue(servers[2].connections() >= 225, "b has " + servers[2].connections());
    }

    private static Balancer roundRobin(Server[] servers, int... weights) {
        return new RoundRobin(new Candidates(servers, weights));
    }

    private static void pickFrom(int threads, int picksEach, Balancer balancer) throws Exception {
        Concurrently.run(threads, () -> {
            for (int i = 0; i < picksEach; i++) {
                balancer.pick(0, TriedServers.NONE);
            }
        });
    }
}
