package io.sluice.core.pool;

import static io.sluice.core.pool.Servers.connections;
import static io.sluice.core.pool.Servers.picks;
import static io.sluice.core.pool.Servers.servers;
import static io.sluice.core.pool.Servers.tried;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeastConnectionsTest {

    @Test
    void picksTheServerWithFewestConnections() {
        Server[] servers = servers(3);
        occupy(servers[0], 2);
        occupy(servers[2], 1);
        assertEquals("s1 s2 s1", picks(leastConnections(servers, 1, 1, 1), 3, false));
    }

    @Test
    void takesEqualServersInTurnAlthoughAllAreIdle() {
        assertEquals("s0 s1 s2 s0 s1", picks(leastConnections(servers(3), 1, 1, 1), 5, true));
    }

    @Test
    void takesTheIdleOnesInTurnAlthoughABusyOneStandsBetweenThem() {
        Server[] servers = servers(3);
        occupy(servers[2], 9);
        assertEquals("s0 s1 s0 s1 s0", picks(leastConnections(servers, 1, 1, 1), 5, true));
    }

    @Test
    void givesTwiceTheConnectionsToTwiceTheWeight() {
        Server[] servers = servers(2);
        picks(leastConnections(servers, 2, 1), 300, false);
        assertArrayEquals(new int[] {200, 100}, connections(servers));
    }

    @Test
    void comparesLargeCountsWithoutOverflow() {
        Server[] servers = servers(2);
        occupy(servers[0], 8_400_000);
        occupy(servers[1], 8_380_000);
        assertSame(servers[1], leastConnections(servers, 256, 256).pick(0, TriedServers.NONE));
    }

    @Test
    void passesOverATriedServerAlthoughItHasFewest() {
        Server[] servers = servers(3);
        occupy(servers[1], 2);
        occupy(servers[2], 1);
        assertSame(servers[2], leastConnections(servers, 1, 1, 1).pick(0, tried(servers[0])));
    }

    @Test
    void keepsCountsWithinOneOfEachOtherAtAllTimesFromEightThreads() throws Exception {
        Server[] servers = servers(7);
        Balancer balancer = leastConnections(servers, Servers.equalWeights(7));
        Concurrently.run(8, () -> {
            for (int i = 0; i < 10_001; i++) {
                balancer.pick(0, TriedServers.NONE);
                assertCountsAreWithinOne(servers);
            }
        });
        assertEquals(80_008, IntStream.of(connections(servers)).sum());
    }

    /** Counts only grow here, so a count that is too low when read later was so when the highest one was read. */
    private static void assertCountsAreWithinOne(Server[] servers) {
        int highest = IntStream.of(connections(servers)).max().orElseThrow();
        int lowestLater = IntStream.of(connections(servers)).min().orElseThrow();
        assertTrue(highest - lowestLater <= 1, highest + " and " + lowestLater);
    }

    @Test
    void isExactByWeightFromEightThreads() throws Exception {
        Server[] servers = servers(3);
        Balancer balancer = leastConnections(servers, 2, 1, 1);
        Concurrently.run(8, () -> {
            for (int i = 0; i < 10_000; i++) {
                balancer.pick(0, TriedServers.NONE);
            }
        });
        assertArrayEquals(new int[] {40_000, 20_000, 20_000}, connections(servers));
    }

    private static Balancer leastConnections(Server[] servers, int... weights) {
        return new LeastConnections(new Candidates(servers, weights));
    }

    private static void occupy(Server server, int connections) {
        for (int i = 0; i < connections; i++) {
            server.tryAcquire();
        }
    }
}
