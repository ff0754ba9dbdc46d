package io.sluice.core.pool;

import static io.sluice.core.pool.Servers.equalWeights;
import static io.sluice.core.pool.Servers.server;
import static io.sluice.core.pool.Servers.servers;
import static io.sluice.core.pool.Servers.tried;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsistentHashTest {

    @Test
    void keepsAClientOnItsServer() {
        Balancer balancer = consistentHash(servers(10));
        for (int client = 0; client < 100; client++) {
            Server server = balancer.pick(Hash64.mix(client), TriedServers.NONE);
            assertSame(server, balancer.pick(Hash64.mix(client), TriedServers.NONE));
        }
    }

    @Test
    void choosesTheSameServerOnAHostThatListsThemInAnotherOrder() {
        Balancer here = consistentHash(server("a", 100), server("b", 100), server("c", 100));
        Balancer there = consistentHash(server("c", 100), server("a", 100), server("b", 100));
        for (int client = 0; client < 100; client++) {
            assertEquals(here.pick(Hash64.mix(client), TriedServers.NONE).name(),
                    there.pick(Hash64.mix(client), TriedServers.NONE).name());
        }
    }

    @Test
    void sendsTheClientsOfAFailedServerToManyOthersButEachAlwaysToTheSame() {
        Server[] servers = servers(10);
        Balancer balancer = consistentHash(servers);
        Set<Server> standIns = new HashSet<>();
        for (int client = 0; client < 1_000; client++) {
            Server failed = balancer.pick(Hash64.mix(client), TriedServers.NONE);
            Server standIn = balancer.pick(Hash64.mix(client), tried(failed));
            assertNotSame(failed, standIn);
            assertSame(standIn, balancer.pick(Hash64.mix(client), tried(failed)));
            if (failed == servers[0]) {
                standIns.add(standIn);
            }
        }
        assertEquals(9, standIns.size());
    }

    @Test
    void passesAFullServerAndReturnsToItAfterwards() {
        Balancer balancer = consistentHash(servers(10, 1));
        Server usual = balancer.pick(42, TriedServers.NONE);
        assertNotSame(usual, balancer.pick(42, TriedServers.NONE));
        usual.release();
        assertSame(usual, balancer.pick(42, TriedServers.NONE));
    }

    @Test
    void findsAServerThatIsNowhereNearInTheTable() {
        Server[] servers = servers(4096, 1);
        for (int i = 0; i < 4096; i++) {
            assertTrue(i == 1234 || servers[i].tryAcquire());
        }
        assertSame(servers[1234], consistentHash(servers).pick(42, TriedServers.NONE));
    }

    private static Balancer consistentHash(Server... servers) {
        return new ConsistentHash(new Candidates(servers, equalWeights(servers.length)));
    }
}
