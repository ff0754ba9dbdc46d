package io.sluice.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigParser;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.ServerState;
import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.embedded.RedisServer;

/**
 * Three real Redis servers behind a listener for the primary and one for replicas that falls back to it. At first
 * redis0 is the primary and the others replicate from it.
 */
class RedisFailoverIT {

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Jedis> clients = new ArrayList<>();
    private Sluice sluice;

    @BeforeEach
    void start() throws Exception {
        for (int i = 0; i < 3; i++) {
            startRedis();
        }
        follow(1, 0);
        follow(2, 0);
        sluice = InProcess.launch(config());
        await().atMost(20, SECONDS).until(() -> role(0) == Role.PRIMARY && role(1) == Role.REPLICA
                && role(2) == Role.REPLICA);
    }

    @AfterEach
    void stop() throws IOException {
        for (Jedis client : clients) {
            try {
                client.close();
            } catch (JedisConnectionException e) {
                // It was reset.
            }
        }
        sluice.close();
        for (RedisServer server : servers) {
            server.stop();
        }
    }

    @Test
    void sendsWritersToThePrimaryAndReadersToReplicas() {
        assertEquals(List.of(0, 0, 0, 0), reached("rw", 4));
        assertEquals(List.of(1, 1, 2, 2), reached("ro", 4));
    }

    @Test
    void fallsBackToThePrimaryWhileThereIsNoReplica() throws Exception {
        stop(1);
        stop(2);
        // From the first moment on, by retry, and later since they are known to be down.
        assertEquals(List.of(0, 0), reached("ro", 2));
        await().atMost(20, SECONDS).until(() -> state(1) == ServerState.DOWN && state(2) == ServerState.DOWN);
        assertEquals(List.of(0, 0), reached("ro", 2));
        servers.get(2).start();
        follow(2, 0);
        await().atMost(20, SECONDS).until(() -> state(2) == ServerState.UP && role(2) == Role.REPLICA);
        await().untilAsserted(() -> assertEquals(List.of(2, 2), reached("ro", 2)));
    }

    @Test
    void takesOutAReplicaThatHasLostAPrimaryOfAnotherPool() throws Exception {
        try (Jedis primary = new Jedis("127.0.0.1", ports.get(0), 20_000);
             Sluice readers = InProcess.launch("""
                     listeners: [{ name: ro, bind: 127.0.0.1:0, protocol: tcp, pool: pool, role: replica }]
                     pools:
                       pool:
                         servers: [{ name: redis1, address: 127.0.0.1:%d }]
                         health-check: { type: redis, interval: 100ms, timeout: 10s, max-lag: 3s }
                     """.formatted(ports.get(1)))) {
            primary.configSet("repl-ping-replica-period", "1");
            await().atMost(20, SECONDS).until(() -> InProcess.server(readers, "redis1").role() == Role.REPLICA);
            stop(0);
            await().atMost(20, SECONDS).until(() -> InProcess.server(readers, "redis1").role() == Role.NONE);
            assertEquals(ServerState.UP, InProcess.state(readers, "redis1"));
        }
    }

    @Test
    void holdsWritersFromTheDeathOfThePrimaryUntilThereIsAnother() throws Exception {
        stop(0);
        CompletableFuture<Integer> refusedOnce = writer();
        await().atMost(20, SECONDS).until(() -> state(0) == ServerState.DOWN);
        CompletableFuture<Integer> later = writer();
        await().atMost(20, SECONDS).until(() -> InProcess.queueLength(sluice) == 2);
        promote(1);
        assertEquals(1, refusedOnce.get(20, SECONDS));
        assertEquals(1, later.get(20, SECONDS));
        await().atMost(20, SECONDS).until(() -> sluice.stats().sum(Counter.CLIENTS_HELD) == 2);
    }

    @Test
    void servesThoseHeldWhenTheSamePrimaryComesBack() throws Exception {
        stop(0);
        CompletableFuture<Integer> held = writer();
        await().atMost(20, SECONDS).until(() -> InProcess.queueLength(sluice) == 1);
        servers.getFirst().start();
        assertEquals(0, held.get(20, SECONDS));
    }

    @Test
    void resetsWritersOfADemotedPrimaryAndNoOneElse() throws Exception {
        Jedis writer = keptClient("rw");
        Jedis other = keptClient("rw");
        Jedis reader = keptClient("ro");
        assertEquals(0, number(writer));
        assertEquals(0, number(other));
        int readFrom = number(reader);
        promote(readFrom);
        follow(0, readFrom);
        await().atMost(20, SECONDS).until(() -> sluice.stats().sum(Counter.ROLE_CHANGE_RESETS) == 2);
        assertThrows(JedisConnectionException.class, () -> number(writer));
        assertThrows(JedisConnectionException.class, () -> number(other));
        assertEquals(readFrom, number(reader));
        assertEquals(List.of(readFrom, readFrom), reached("rw", 2));
    }

    @Test
    void refusesBothPrimariesOfASplitBrainUntilOneGivesIn() throws Exception {
        Jedis writer = keptClient("rw");
        assertEquals(0, number(writer));
        promote(1);
        await().atMost(20, SECONDS).until(() -> role(0) == Role.NONE && role(1) == Role.NONE);
        await().atMost(20, SECONDS).until(() -> sluice.stats().sum(Counter.ROLE_CHANGE_RESETS) == 1);
        assertThrows(JedisConnectionException.class, () -> number(writer));
        CompletableFuture<Integer> held = writer();
        await().atMost(20, SECONDS).until(() -> InProcess.queueLength(sluice) == 1);
        assertFalse(held.isDone());
        follow(0, 1);
        assertEquals(1, held.get(20, SECONDS));
    }

    @Test
    void findsAPrimaryByTheBrokenSessionOfItsCheck() throws Exception {
        // The connection that the check keeps ends with the server, which is noticed long before the next interval.
        sluice.close();
        sluice = InProcess.launch("""
                listeners: [{ name: rw, bind: 127.0.0.1:0, protocol: tcp, pool: pool, role: primary, session-log: off }]
                pools:
                  pool:
                    servers: [{ name: redis0, address: 127.0.0.1:%d }]
                    health-check: { type: redis, interval: 1h, fast-interval: 1ms, timeout: 10s, fall: 2 }
                """.formatted(ports.getFirst()));
        // The second check, some time within the interval, is asked for; only after it the interval holds.
        assertEquals(ServerState.UP, state(0));
        stop(0);
        await().atMost(20, SECONDS).until(() -> state(0) == ServerState.DOWN);
        try (TestClient client = TestClient.to(address("rw"))) {
            assertTrue(client.awaitEndByReset());
        }
    }

    @Test
    void keepsRolesWhateverElseAReloadChanges() throws Exception {
        Jedis writer = keptClient("rw");
        assertEquals(0, number(writer));
        reload("interval: 100ms", "interval: 1h");
        assertEquals(List.of(Role.PRIMARY, Role.REPLICA, Role.REPLICA), List.of(role(0), role(1), role(2)));
        assertEquals(List.of(0, 0), reached("rw", 2));
        assertEquals(List.of(1, 1, 2, 2), reached("ro", 4));
        assertEquals(0, number(writer));
        assertEquals(0, sluice.stats().sum(Counter.CLIENTS_HELD));
    }

    @Test
    void keepsTheRoleOfAFullServerWhenAReloadChangesItsCheck() throws Exception {
        Jedis writer = keptClient("rw");
        assertEquals(0, number(writer));
        writer.configSet("maxclients", "1");
        reload("interval: 100ms", "interval: 200ms");
        await().atMost(20, SECONDS).until(() ->
                InProcess.server(sluice, "redis0").lastCheck().detail().startsWith("the server is full"));
        assertEquals(Role.PRIMARY, role(0));
        assertEquals(0, number(writer));
        writer.configSet("maxclients", "100");
        assertEquals(List.of(0), reached("rw", 1));
    }

    @Test
    void sendsNewClientsToAnotherRoleAfterAReload() throws Exception {
        Jedis reader = keptClient("ro");
        int readFrom = number(reader);
        reload("role: replica, fallback: primary", "role: primary");
        assertEquals(List.of(0, 0, 0), reached("ro", 3));
        assertEquals(readFrom, number(reader));
    }

    @Test
    void fallsBackNoMoreAfterAReloadThatSaysSo() throws Exception {
        stop(1);
        stop(2);
        assertEquals(List.of(0), reached("ro", 1));
        reload("fallback: primary", "fallback: none");
        CompletableFuture<Integer> held =
                CompletableFuture.supplyAsync(() -> reached("ro", 1).getFirst(), Thread::startVirtualThread);
        await().atMost(20, SECONDS).until(() -> InProcess.queueLength(sluice) == 1);
        servers.get(2).start();
        follow(2, 0);
        assertEquals(2, held.get(20, SECONDS));
    }

    @Test
    void leavesWritersAloneOnceAReloadSaysSoAndResetsThemOnceItSaysThat() throws Exception {
        Jedis writer = keptClient("rw");
        assertEquals(0, number(writer));
        reload("hold: 20s", "hold: 20s\n    on-role-change: keep");
        promote(1);
        follow(0, 1);
        await().atMost(20, SECONDS).until(() -> role(0) == Role.REPLICA && role(1) == Role.PRIMARY);
        Jedis later = keptClient("rw");
        assertEquals(1, number(later));
        assertEquals(0, number(writer));
        reload("hold: 20s", "hold: 20s\n    close-rate: 1/s");
        promote(2);
        follow(1, 2);
        await().atMost(20, SECONDS).until(() -> sluice.stats().sum(Counter.ROLE_CHANGE_RESETS) == 1);
        assertThrows(JedisConnectionException.class, () -> number(later));
    }

    @Test
    void decidesASplitBrainAnewWhenAReloadChangesTheRule() throws Exception {
        promote(1);
        await().atMost(20, SECONDS).until(() -> role(0) == Role.NONE && role(1) == Role.NONE);
        reload("hold: 20s", "hold: 20s\n    split-brain: latest");
        assertEquals(Role.PRIMARY, role(1));
        assertEquals(List.of(1, 1), reached("rw", 2));
    }

    private String config() {
        return """
                workers: 2
                listeners:
                  - { name: rw, bind: 127.0.0.1:0, protocol: tcp, pool: pool, role: primary, session-log: off }
                  - { name: ro, bind: 127.0.0.1:0, protocol: tcp, pool: pool, role: replica, fallback: primary,
                      session-log: off }
                pools:
                  pool:
                    servers:
                      - { name: redis0, address: 127.0.0.1:%d }
                      - { name: redis1, address: 127.0.0.1:%d }
                      - { name: redis2, address: 127.0.0.1:%d }
                    health-check: { type: redis, interval: 100ms, timeout: 10s, fall: 2, rise: 2 }
                    hold: 20s
                """.formatted(ports.toArray());
    }

    private void reload(String part, String replacement) throws Exception {
        assertTrue(config().contains(part), part);
        String next = config().replace(part, replacement);
        sluice.control().reload(ConfigParser.load(next, "test.yaml", Path.of("")), "test.yaml");
    }

    /** The number of the server that a writer reaches, which may take its time. */
    private CompletableFuture<Integer> writer() {
        return CompletableFuture.supplyAsync(() -> reached("rw", 1).getFirst(), Thread::startVirtualThread);
    }

    /** A client that lasts for the test. */
    private Jedis keptClient(String listener) {
        Jedis client = client(listener);
        clients.add(client);
        return client;
    }

    /** The numbers of the servers that so many new clients reach one after the other, in ascending order. */
    private List<Integer> reached(String listener, int clients) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            try (Jedis client = client(listener)) {
                numbers.add(number(client));
            }
        }
        numbers.sort(null);
        return numbers;
    }

    private int number(Jedis client) {
        return ports.indexOf(Integer.valueOf(client.configGet("port").get("port")));
    }

    private Jedis client(String listener) {
        return new Jedis("127.0.0.1", address(listener).getPort(), 20_000);
    }

    private InetSocketAddress address(String listener) {
        return sluice.addresses(listener).getFirst();
    }

    private Role role(int number) {
        return InProcess.server(sluice, "redis" + number).role();
    }

    private ServerState state(int number) {
        return InProcess.state(sluice, "redis" + number);
    }

    private void promote(int number) {
        try (Jedis redis = new Jedis("127.0.0.1", ports.get(number), 20_000)) {
            redis.replicaofNoOne();
        }
    }

    private void follow(int number, int primary) {
        try (Jedis redis = new Jedis("127.0.0.1", ports.get(number), 20_000)) {
            redis.replicaof("127.0.0.1", ports.get(primary));
        }
    }

    /** Returns when the server accepts no more connections, which it does for a while as it ends. */
    private void stop(int number) throws IOException {
        servers.get(number).stop();
        await().atMost(20, SECONDS).until(() -> {
            try (Socket socket = new Socket("127.0.0.1", ports.get(number))) {
                return !socket.isConnected();
            } catch (ConnectException e) {
                return true;
            } catch (SocketException e) {
                // Reset by a server that ends in this moment.
                return false;
            }
        });
    }

    private void startRedis() throws IOException {
        int port = LoopbackPorts.free();
        RedisServer server = LocalRedis.on(port).setting("repl-diskless-sync-delay 0").onShutdownForceStop(true)
                .build();
        servers.add(server);
        ports.add(port);
        server.start();
    }
}
