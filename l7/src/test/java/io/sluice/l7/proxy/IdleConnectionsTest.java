package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.HttpPoolConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Connection;
import io.sluice.core.net.KernelOption;
import io.sluice.core.net.Loopback;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Allocation;
import io.sluice.core.stats.TrafficCount;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which kept connection is taken, and which is not fit to be taken. */
class IdleConnectionsTest {

    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(2);

    private final HandDriven driven = new HandDriven();
    private final Pool pool = new PoolSettings().server(Loopback.refusing()).pool();
    private final Server server = pool.servers().getFirst();
    private final IdleConnections idle = idleConnections(3, SluiceConfig.UNLIMITED);

    IdleConnectionsTest() throws IOException { }

    @AfterEach
    void close() {
        driven.close();
    }

    @Test
    void takesTheOnePutLast() throws Exception {
        ServerConnection first = kept();
        ServerConnection second = kept();
        assertIdle(2);
        assertSame(second, idle.take(server, false));
        assertIdle(1);
        assertSame(first, idle.take(server, false));
        assertNull(idle.take(server, false));
        assertIdle(0);
    }

    @Test
    void takesMemoryForThoseThatAreThereOnly() {
        long allocated = Allocation.by(() -> idleConnections(100_000, SluiceConfig.UNLIMITED));
        assertTrue(allocated < 100_000, allocated + " bytes");
    }

    @Test
    void prefersAnEarlierOneToOneOfThisCycle() throws Exception {
        ServerConnection earlier = kept();
        ServerConnection last = connection(Loopback.pair());
        last.keep(driven.loop().nowNs());
        assertSame(earlier, idle.take(server, false));
        assertSame(last, idle.take(server, false));
    }

    @Test
    void readsBeforeItTakesOneOfThisCycle() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        ServerConnection connection = connection(pair);
        Loopback.send(pair.far(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        connection.keep(driven.loop().nowNs());
        assertNull(idle.take(server, false));
        Loopback.assertEnd(pair.far());
    }

    @Test
    void readsBeforeItTakesAnyIfThatIsAskedFor() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        ServerConnection below = kept();
        ServerConnection connection = connection(pair);
        connection.keep(driven.loop().nowNs());
        driven.clock().advance(MOMENT);
        driven.turn();
        pair.far().close();
        assertSame(below, idle.take(server, true));
    }

    @Test
    void closesThoseThatTheServerCloses() throws Exception {
        ServerConnection below = kept();
        Loopback.Pair pair = Loopback.pair();
        connection(pair).keep(driven.loop().nowNs());
        pair.far().shutdownOutput();
        driven.pass(MOMENT);
        Loopback.assertEnd(pair.far());
        assertIdle(1);
        assertSame(below, idle.take(server, false));
        assertNull(idle.take(server, false));
    }

    @Test
    void closesThoseThatWereIdleForTooLong() throws Exception {
        Loopback.Pair old = Loopback.pair();
        connection(old).keep(driven.loop().nowNs());
        driven.pass(MOMENT);
        ServerConnection younger = kept();
        driven.pass(IDLE_TIMEOUT.minus(MOMENT.multipliedBy(2)));
        Loopback.assertEnd(old.far());
        assertIdle(1);
        driven.pass(MOMENT.multipliedBy(2));
        assertTrue(younger.connection().isClosed());
        assertNull(idle.take(server, false));
        assertIdle(0);
    }

    @Test
    void closesThoseBeyondTheBound() throws Exception {
        for (int i = 0; i < 3; i++) {
            kept();
        }
        Loopback.Pair surplus = Loopback.pair();
        connection(surplus).keep(driven.loop().nowNs());
        Loopback.assertEnd(surplus.far());
    }

    @Test
    void closesThoseThatHaveDoneTheirShare() throws Exception {
        IdleConnections few = idleConnections(3, 2);
        Loopback.Pair pair = Loopback.pair();
        Connection near = new Connection(driven.loop(), pair.near(), null);
        ServerConnection connection = new ServerConnection(near, server, few);
        connection.beginExchange(null);
        connection.keep(driven.loop().nowNs());
        assertSame(connection, few.take(server, false));
        connection.beginExchange(null);
        connection.keep(driven.loop().nowNs());
        assertNull(few.take(server, false));
        Loopback.assertEnd(pair.far());
    }

    @Test
    void theKernelProbesSilentServers() throws Throwable {
        Loopback.Pair pair = Loopback.pair();
        connection(pair).keep(driven.loop().nowNs());
        assertEquals(1, KernelOption.SO_KEEPALIVE.get(pair.near()));
    }

    @Test
    void closesAllToAServerThatIsDown() throws Exception {
        Socket[] peers = new Socket[3];
        for (int i = 0; i < peers.length; i++) {
            Loopback.Pair pair = Loopback.pair();
            peers[i] = pair.far();
            connection(pair).keep(driven.loop().nowNs());
        }
        idle.onDown(pool, server);
        driven.turn();
        for (Socket peer : peers) {
            Loopback.assertEnd(peer);
        }
        assertNull(idle.take(server, false));
    }

    @Test
    void keepsConnectionsToServersThatStayAndClosesThoseToOthers() throws Exception {
        ServerConnection stays = kept();
        Server other = new Server(1, server.config());
        idle.keepFor(List.of(other, server), config(3, SluiceConfig.UNLIMITED));
        Loopback.Pair pair = Loopback.pair();
        ServerConnection leaves = new ServerConnection(new Connection(driven.loop(), pair.near(), null), other, idle);
        leaves.keep(driven.loop().nowNs());
        idle.keepFor(List.of(server), config(3, SluiceConfig.UNLIMITED));
        Loopback.assertEnd(pair.far());
        assertNull(idle.take(other, false));
        assertEquals(0, other.traffic().of(driven.loop().index()).get(TrafficCount.IDLE));
        assertIdle(1);
        assertSame(stays, idle.take(server, false));
    }

    @Test
    void takesAnotherServerOfTheSameIndexForAnotherOne() throws Exception {
        ServerConnection before = kept();
        Server successor = new Server(server.index(), server.config());
        idle.keepFor(List.of(successor), config(3, SluiceConfig.UNLIMITED));
        assertTrue(before.connection().isClosed());
        assertNull(idle.take(successor, false));
        ServerConnection late = connection(Loopback.pair());
        late.keep(driven.loop().nowNs());
        assertTrue(late.connection().isClosed());
        ServerConnection own = new ServerConnection(
                new Connection(driven.loop(), Loopback.pair().near(), null), successor, idle);
        own.keep(driven.loop().nowNs());
        idle.onDown(pool, server);
        driven.pass(MOMENT);
        assertSame(own, idle.take(successor, false));
    }

    @Test
    void closesTheOldestWhenFewerAreToBeKept() throws Exception {
        ServerConnection first = kept();
        ServerConnection second = kept();
        idle.keepFor(List.of(server), config(1, SluiceConfig.UNLIMITED));
        assertTrue(first.connection().isClosed());
        assertSame(second, idle.take(server, false));
    }

    private void assertIdle(int count) {
        assertEquals(count, server.traffic().of(driven.loop().index()).get(TrafficCount.IDLE));
    }

    /** One that was put there in a cycle before. */
    private ServerConnection kept() throws IOException {
        ServerConnection connection = connection(Loopback.pair());
        connection.keep(driven.loop().nowNs());
        driven.pass(MOMENT);
        return connection;
    }

    private ServerConnection connection(Loopback.Pair pair) {
        return new ServerConnection(new Connection(driven.loop(), pair.near(), null), server, idle);
    }

    private IdleConnections idleConnections(int idlePerServer, int maxRequests) {
        IdleConnections connections = new IdleConnections(driven.loop());
        connections.keepFor(List.of(server), config(idlePerServer, maxRequests));
        return connections;
    }

    private static HttpPoolConfig.Connections config(int idlePerServer, int maxRequests) {
        return new HttpPoolConfig.Connections(idlePerServer, IDLE_TIMEOUT, maxRequests);
    }
}
