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
        occupy(servers[0], 10_000_000);
        occupy(servers[1], 9_999_999);
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
    void keepsCountsWithinOneOfEachOtherFromEightThreads() throws Exception {
        Server[] servers = servers(7);
        Balancer balancer = leastConnections(servers, Servers.equalWeights(7));
        acquireFromEightThreads(balancer, 10_001);
        int[] counts = connections(servers);
        assertEquals(80_008, IntStream.of(counts).sum());
        int spread = IntStream.of(counts).max().orElseThrow() - IntStream.of(counts).min().orElseThrow();
        assertTrue(spread <= 1, "spread " + spread);
    }

    @Test
    void isExactByWeightFromEightThreads() throws Exception {
        Server[] servers = servers(3);
        acquireFromEightThreads(leastConnections(servers, 2, 1, 1), 10_000);
        assertArrayEquals(new int[] {40_000, 20_000, 20_000}, connections(servers));
    }

    private static void acquireFromEightThreads(Balancer balancer, int picksEach) throws Exception {
        Concurrently.run(8, () -> {
            for (int i = 0; i < picksEach; i++) {
                balancer.pick(0, TriedServers.NONE);
            }
        });
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
