package io.sluice.core.pool;

import static io.sluice.core.pool.Servers.connections;
import static io.sluice.core.pool.Servers.equalWeights;
import static io.sluice.core.pool.Servers.servers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bounds are several times what chance makes likely, so that no run fails by bad luck. */
class RandomOfTwoTest {

    @Test
    void keepsCountsCloseTogether() {
        Server[] servers = servers(10);
        Servers.picks(randomOfTwo(servers, equalWeights(10)), 10_000, false);
        for (int connections : connections(servers)) {
            assertEquals(1_000, connections, 20);
        }
    }

    @Test
    void followsTheWeights() {
        Server[] servers = servers(10);
        int[] weights = IntStream.rangeClosed(1, 10).toArray();
        Servers.picks(randomOfTwo(servers, weights), 11_000, false);
        for (int i = 0; i < 10; i++) {
            assertEquals(200 * (i + 1), servers[i].connections(), 60);
        }
    }

    @Test
    void alwaysPicksTheLessLoadedOfOnlyTwo() {
        for (int loaded = 0; loaded < 2; loaded++) {
            Server[] servers = servers(2);
            for (int i = 0; i < 5_000; i++) {
                servers[loaded].tryAcquire();
            }
            for (int[] weights : new int[][] {{256, 1}, {1, 1}, {1, 256}}) {
                Balancer balancer = randomOfTwo(servers, weights);
                for (int i = 0; i < 15; i++) {
                    assertSame(servers[1 - loaded], balancer.pick(0, TriedServers.NONE));
                    servers[1 - loaded].release();
                }
            }
        }
    }

    @Test
    void drawsEveryServerWhenAllAreIdle() {
        Server[] servers = servers(10);
        Balancer balancer = randomOfTwo(servers, equalWeights(10));
        int[] picked = new int[10];
        for (int i = 0; i < 10_000; i++) {
            Server server = balancer.pick(0, TriedServers.NONE);
            picked[Integer.parseInt(server.name().substring(1))]++;
            server.release();
        }
        for (int count : picked) {
            assertTrue(count > 700 && count < 1_300, "picked " + count);
        }
    }

    private static Balancer randomOfTwo(Server[] servers, int... weights) {
        return new RandomOfTwo(new Candidates(servers, weights));
    }
}
