package io.sluice.core.connect;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.assertReset;
import static io.sluice.core.net.Loopback.patient;
import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.address.ProxyProtocol;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Connection;
import io.sluice.core.net.Loopback;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectAttemptsTest {

    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 1111);
    private static final InetSocketAddress LISTENER = new InetSocketAddress("192.0.2.2", 2222);

    private final HandDriven driven = new HandDriven();
    private final HandDriven home = new HandDriven();
    private final PoolSettings settings = new PoolSettings().balance(Balance.FIRST);
    private final List<AutoCloseable> open = new ArrayList<>();
    private Wanted wanted = Wanted.ANY;
    private Pool pool;
    private ServerStates states;
    private Connector connector;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        turnAll();
        for (Server server : pool.servers()) {
            assertEquals(0, server.connections(), "slots leaked on " + server);
        }
        assertEquals(0, pool.queueLength(), "places in the queue leaked");
        assertEquals(0, driven.loop().timers().size(), "timers leaked");
        driven.close();
        home.close();
    }

    @Test
    void connectsAndHoldsASlotUntilItIsReleased() throws Exception {
        ServerSocket listening = listen();
        makePool(settings);
        Client client = start();
        driven.turnUntil(client::isOver);
        assertEquals(1, server(0).connections());
        exchange(client, patient(listening.accept()));
        assertEquals(0, client.attempts.retries());
        assertEquals(0, client.attempts.queueNs());
        client.close();
        assertEquals(0, server(0).connections());
    }

    @Test
    void takesBackWhatItsHandlerFailsToTakeOver() throws Exception {
        ServerSocket listening = listen();
        makePool(settings);
        List<Termination> failures = new ArrayList<>();
        ConnectAttempts attempts = new ConnectAttempts(driven.loop(), new WorkerStats(), new ConnectHandler() {
            @Override
            public void onServerConnected(Connection server) {
                server.write(ByteBuffer.wrap(new byte[] {'?'}));
                throw new IllegalStateException("a bug");
            }

            @Override
            public void onServerFailed(Termination termination) {
                failures.add(termination);
            }
        });
        attempts.prepare(connector, 0, CLIENT, LISTENER);
        attempts.start(0);
        driven.turnUntil(() -> !failures.isEmpty());
        assertEquals(List.of(Termination.INTERNAL_ERROR), failures);
        driven.turn();
        Socket accepted = patient(listening.accept());
        assertEquals("?", receive(accepted, 1));
        assertReset(accepted);
    }

    @Test
    void triesAnotherServerWhenOneRefuses() throws Exception {
        settings.server(Loopback.refusing()).retries(3);
        ServerSocket listening = listen();
        makePool(settings);
        Client client = start();
        driven.turnUntil(client::isOver);
        exchange(client, patient(listening.accept()));
        assertEquals(1, client.attempts.retries());
        assertEquals("s1", client.attempts.server().name());
        assertEquals(0, server(0).connections());
    }

    @Test
    void failsWhenAllServersRefuse() throws Exception {
        makePool(settings.server(Loopback.refusing()).server(Loopback.refusing()).retries(5));
        Client client = start();
        driven.turnUntil(client::isOver);
        assertEquals(Termination.SERVER_REFUSED, client.failure);
        assertEquals(1, client.attempts.retries());
    }

    @Test
    void makesNoMoreAttemptsThanItMay() throws Exception {
        settings.server(Loopback.refusing()).server(Loopback.refusing());
        ServerSocket listening = listen();
        makePool(settings.retries(1));
        Client client = start();
        driven.turnUntil(client::isOver);
        assertEquals(Termination.SERVER_REFUSED, client.failure);
        assertEquals("s1", client.attempts.server().name());
        assertFalse(isConnectedTo(listening));
    }

    @Test
    void failsAtOnceWithoutAServerThatIsUp() throws Exception {
        makePool(settings.server(Loopback.refusing()));
        states.unhealthy(server(0), "test");
        Client client = start();
        assertEquals(Termination.SERVER_REFUSED, client.failure);
        assertNull(client.attempts.server());
    }

    @Test
    void blamesThisHostForASourceAddressThatIsNotItsOwn() throws Exception {
        listen();
        makePool(settings.source("192.0.2.77"));
        Client client = start();
        assertEquals(Termination.RESOURCE_CONNECT, client.failure);
    }

    @Test
    void triesAnotherServerWhenOneDoesNotAnswerInTime() throws Exception {
        listenAsBlackHole();
        ServerSocket listening = listen();
        makePool(settings.retries(1));
        Client client = start();
        driven.pass(Duration.ofSeconds(5).minusNanos(1));
        assertEquals(1, server(0).connections());
        driven.pass(Duration.ofNanos(1));
        assertEquals(0, server(0).connections());
        driven.turnUntil(client::isOver);
        exchange(client, patient(listening.accept()));
        assertEquals(Duration.ofSeconds(5).toNanos(), client.attempts.connectNs());
    }

    @Test
    void saysThatTheLastServerDidNotAnswerInTime() throws Exception {
        listenAsBlackHole();
        makePool(settings.retries(1));
        Client client = start();
        driven.pass(Duration.ofSeconds(5));
        assertEquals(Termination.SERVER_TIMEOUT_CONNECT, client.failure);
    }

    @Test
    void grantsSlotsInTheOrderOfArrivalOverTwoLoops() throws Exception {
        listen(1);
        makePool(settings);
        Client holder = start();
        driven.turnUntil(holder::isOver);
        List<Client> waiting = new ArrayList<>();
        HandDriven other = new HandDriven();
        open.add(other);
        for (int i = 0; i < 6; i++) {
            waiting.add(start(i % 2 == 0 ? driven : other));
            home.turn();
        }
        assertEquals(6, pool.queueLength());
        Client current = holder;
        for (int i = 0; i < 6; i++) {
            Client next = waiting.get(i);
            current.close();
            home.turnUntil(() -> {
                other.turn();
                driven.turn();
                return next.isOver();
            });
            assertEquals(5 - i, waiting.stream().filter(client -> !client.isOver()).count());
            assertEquals(1, server(0).connections());
            current = next;
        }
        current.close();
    }

    @Test
    void countsTimeInTheQueueApartFromTimeToConnect() throws Exception {
        listen(1);
        makePool(settings);
        Client holder = connected();
        Client waiting = queued();
        driven.pass(Duration.ofSeconds(2));
        holder.close();
        turnAllUntil(waiting::isOver);
        assertEquals(Duration.ofSeconds(2).toNanos(), waiting.attempts.queueNs());
        assertEquals(0, waiting.attempts.connectNs());
        waiting.close();
    }

    @Test
    void letsANewcomerStandBehindThoseWhoWaitAlthoughASlotIsFree() throws Exception {
        listen(1);
        makePool(settings);
        Client holder = connected();
        Client waiting = queued();
        holder.close();
        Client newcomer = start();
        turnAllUntil(waiting::isOver);
        assertFalse(newcomer.isOver());
        waiting.close();
        turnAllUntil(newcomer::isOver);
        newcomer.close();
    }

    @Test
    void givesUpWaitingForASlotInTime() throws Exception {
        listen(1);
        makePool(settings);
        Client holder = connected();
        Client waiting = queued();
        driven.pass(Duration.ofSeconds(5).minusNanos(1));
        assertFalse(waiting.isOver());
        driven.pass(Duration.ofNanos(1));
        assertEquals(Termination.SERVER_TIMEOUT_QUEUE, waiting.failure);
        assertEquals(Duration.ofSeconds(5).toNanos(), waiting.attempts.queueNs());
        holder.close();
    }

    @Test
    void refusesWhenTheQueueIsFull() throws Exception {
        listen(1);
        makePool(settings.maxQueue(1));
        Client holder = connected();
        Client waiting = queued();
        Client refused = start();
        assertEquals(Termination.PROXY_QUEUE_FULL, refused.failure);
        waiting.attempts.cancel();
        turnAll();
        Client second = queued();
        second.attempts.cancel();
        holder.close();
    }

    @Test
    void leavesTheQueueWhenTheLastServerGoesDown() throws Exception {
        listen(1);
        makePool(settings);
        Client holder = connected();
        Client waiting = queued();
        states.unhealthy(server(0), "test");
        turnAllUntil(waiting::isOver);
        assertEquals(Termination.SERVER_REFUSED, waiting.failure);
        holder.close();
    }

    @Test
    void leavesTheQueueForAServerThatComesUp() throws Exception {
        listen(1);
        ServerSocket second = listen(1);
        makePool(settings);
        states.unhealthy(server(1), "test");
        Client holder = connected();
        Client waiting = queued();
        states.healthy(server(1), "test");
        turnAllUntil(waiting::isOver);
        exchange(waiting, patient(second.accept()));
        waiting.close();
        holder.close();
    }

    @Test
    void waitsForAnotherServerThanTheOneThatRefused() throws Exception {
        settings.server(Loopback.refusing());
        ServerSocket full = listen(1);
        makePool(settings.retries(2).balance(Balance.LEAST_CONNECTIONS));
        states.unhealthy(server(0), "test");
        Client holder = connected();
        patient(full.accept());
        states.healthy(server(0), "test");
        Client waiting = start();
        turnAllUntil(() -> waiting.attempts.isQueued());
        turnAll();
        assertEquals(0, server(0).connections());
        holder.close();
        turnAllUntil(waiting::isOver);
        exchange(waiting, patient(full.accept()));
        waiting.close();
    }

    @Test
    void isHeldUntilThereIsAServer() throws Exception {
        ServerSocket listening = listen();
        makePool(settings.hold(Duration.ofSeconds(10)));
        states.unhealthy(server(0), "test");
        Client held = queued();
        driven.pass(Duration.ofSeconds(9));
        assertFalse(held.isOver());
        states.healthy(server(0), "test");
        turnAllUntil(held::isOver);
        exchange(held, patient(listening.accept()));
        assertEquals(Duration.ofSeconds(9).toNanos(), held.attempts.queueNs());
        held.close();
    }

    @Test
    void isHeldNoLongerThanThePoolSays() throws Exception {
        makePool(settings.server(Loopback.refusing()).hold(Duration.ofSeconds(10)));
        states.unhealthy(server(0), "test");
        Client held = queued();
        driven.pass(Duration.ofSeconds(10).minusNanos(1));
        assertFalse(held.isOver());
        driven.pass(Duration.ofNanos(1));
        assertEquals(Termination.SERVER_TIMEOUT_QUEUE, held.failure);
        assertEquals(Duration.ofSeconds(10).toNanos(), held.attempts.queueNs());
        turnAll();
    }

    @Test
    void isHeldWhenTheLastServerGoesDownWhileItWaitsForASlot() throws Exception {
        listen(1);
        makePool(settings.hold(Duration.ofSeconds(20)));
        Client holder = connected();
        Client waiting = queued();
        driven.pass(Duration.ofSeconds(3));
        states.unhealthy(server(0), "test");
        driven.pass(Duration.ofSeconds(16));
        turnAll();
        assertFalse(waiting.isOver());
        driven.pass(Duration.ofSeconds(1));
        assertEquals(Termination.SERVER_TIMEOUT_QUEUE, waiting.failure);
        holder.close();
        turnAll();
    }

    @Test
    void isHeldWhenTheOnlyServerRefusesAndTriesThatAgainOnceItWorks() throws Exception {
        InetSocketAddress refusing = Loopback.refusing();
        makePool(settings.server(refusing).retries(3).hold(Duration.ofSeconds(10)));
        Client held = start();
        turnAllUntil(() -> held.attempts.isQueued());
        turnAll();
        assertTrue(held.attempts.isQueued());
        ServerSocket listening = new ServerSocket(refusing.getPort(), 10, refusing.getAddress());
        open.add(listening);
        states.found(server(0), Role.UNKNOWN, 0, "", states.nowNs());
        turnAllUntil(held::isOver);
        exchange(held, patient(listening.accept()));
        assertEquals(1, held.attempts.retries());
        held.close();
    }

    @Test
    void waitsForAServerOfTheRoleThatIsWanted() throws Exception {
        wanted = Wanted.PRIMARY;
        ServerSocket listening = listen();
        makePool(settings.hold(Duration.ofSeconds(10)));
        Client held = queued();
        states.found(server(0), Role.PRIMARY, 1, "", states.nowNs());
        turnAllUntil(held::isOver);
        exchange(held, patient(listening.accept()));
        held.close();
    }

    @Test
    void leavesAServerThatLosesItsRoleBeforeItIsConnected() throws Exception {
        wanted = Wanted.PRIMARY;
        ServerSocket old = listen();
        ServerSocket promoted = listen();
        makePool(settings);
        states.found(server(0), Role.PRIMARY, 1, "", states.nowNs());
        Client client = start();
        assertFalse(client.isOver());
        states.found(server(1), Role.PRIMARY, 2, "", states.nowNs());
        driven.turnUntil(client::isOver);
        exchange(client, patient(promoted.accept()));
        assertEquals("s1", client.attempts.server().name());
        assertEquals(0, client.attempts.retries());
        assertEquals(0, server(0).connections());
        assertFalse(isConnectedTo(old), "the handshake was not even ended");
        client.close();
    }

    @Test
    void turnsFromAServerThatDoesNotAnswerToTheNewPrimary() throws Exception {
        wanted = Wanted.PRIMARY;
        listenAsBlackHole();
        ServerSocket promoted = listen();
        makePool(settings);
        states.found(server(0), Role.PRIMARY, 1, "", states.nowNs());
        Client client = start();
        client.attempts.reconsider();
        assertEquals(1, server(0).connections(), "it has no reason to leave");
        states.found(server(1), Role.PRIMARY, 2, "", states.nowNs());
        client.attempts.reconsider();
        driven.turnUntil(client::isOver);
        exchange(client, patient(promoted.accept()));
        client.close();
    }

    @Test
    void doesNotUseASlotOnAServerThatLostItsRoleWhileTheGrantWasOnItsWay() throws Exception {
        wanted = Wanted.PRIMARY;
        listen(1);
        ServerSocket promoted = listen(1);
        makePool(settings);
        states.found(server(0), Role.PRIMARY, 1, "", states.nowNs());
        Client holder = connected();
        Client waiting = queued();
        holder.close();
        home.turn();
        assertEquals(1, server(0).connections());
        states.found(server(1), Role.PRIMARY, 2, "", states.nowNs());
        turnAllUntil(waiting::isOver);
        exchange(waiting, patient(promoted.accept()));
        assertEquals(0, server(0).connections());
        waiting.close();
    }

    @Test
    void endsSilentlyWhenCancelledInAnyState() throws Exception {
        listenAsBlackHole(1);
        makePool(settings);
        Client idle = new Client(driven);
        Client connecting = start();
        Client queued = queued();
        for (Client client : List.of(idle, queued, connecting)) {
            client.attempts.cancel();
            client.attempts.cancel();
            turnAll();
            assertFalse(client.isOver());
        }
        assertEquals(0, server(0).connections());
    }

    @Test
    void givesBackASlotThatIsGrantedWhenCancelled() throws Exception {
        listen(1);
        makePool(settings);
        Client holder = connected();
        Client waiting = queued();
        holder.close();
        home.turn();
        assertEquals(1, server(0).connections());
        waiting.attempts.cancel();
        turnAll();
        assertEquals(0, server(0).connections());
        assertFalse(waiting.isOver());
    }

    @Test
    void waitsForTheServerThatItIsPinnedTo() throws Exception {
        Client holder = holderOfTheOnlySlotOfTheFirstOfTwo();
        Client waiting = pinned(server(0));
        assertTrue(waiting.attempts.isQueued());
        holder.close();
        turnAllUntil(waiting::isOver);
        assertEquals(server(0), waiting.attempts.server());
        assertEquals(0, waiting.attempts.retries());
        waiting.close();
    }

    @Test
    void goesElsewhereWhenTheServerThatItWaitsForGoesDown() throws Exception {
        Client holder = holderOfTheOnlySlotOfTheFirstOfTwo();
        Client waiting = pinned(server(0));
        states.unhealthy(server(0), "test");
        turnAllUntil(waiting::isOver);
        assertEquals(server(1), waiting.attempts.server());
        Client late = pinned(server(0));
        driven.turnUntil(late::isOver);
        assertEquals(server(1), late.attempts.server());
        List.of(holder, waiting, late).forEach(Client::close);
    }

    /** As an HTTP client does, whose next request goes to another pool while a slot of the first is on its way. */
    @Test
    void givesBackASlotThatWasGrantedToAnEarlierStart() throws Exception {
        listen(1);
        makePool(settings);
        Client holder = connected();
        Client client = queued();
        Pool other = new PoolSettings().server(Loopback.refusing(), 1).pool();
        other.home(home.loop().mailbox());
        PoolSettings.resolve(other, new ServerStates(other, (work, delayNs) -> { }, driven.clock()));
        Server taken = other.servers().getFirst();
        assertTrue(taken.tryAcquire());
        holder.close();
        home.turn();
        assertEquals(1, server(0).connections());
        client.attempts.cancel();
        Connector toOther = new Connector(driven.loop(), PoolPlan.of(other, states, other.config()), wanted, null);
        client.attempts.prepare(toOther, 0, CLIENT, LISTENER);
        client.attempts.start(0);
        assertTrue(client.attempts.isQueued());
        turnAll();
        assertTrue(client.attempts.isQueued(), "took a slot of the first pool for one of the second");
        assertEquals(0, server(0).connections());
        client.attempts.cancel();
        turnAll();
        assertEquals(0, other.queueLength());
    }

    @Test
    void sendsTheProxyProtocolHeaderFirst() throws Exception {
        for (ProxyProtocolVersion version : List.of(ProxyProtocolVersion.V1, ProxyProtocolVersion.V2)) {
            PoolSettings own = new PoolSettings().sendProxyProtocol(version);
            ServerSocket listening = Loopback.listen();
            open.add(listening);
            makePool(own.server((InetSocketAddress) listening.getLocalSocketAddress()));
            ByteBuffer expected = ByteBuffer.allocate(ProxyProtocol.MOST_SENT_BYTES);
            ProxyProtocol.encode(version, CLIENT, LISTENER, expected);
            String header = StandardCharsets.ISO_8859_1.decode(expected.flip()).toString();
            Client client = connected();
            Socket accepted = patient(listening.accept());
            assertEquals(header, receive(accepted, header.length()));
            exchange(client, accepted);
            client.close();
        }
    }

    @Test
    void connectsFromItsSourceAddressesInTurn() throws Exception {
        ServerSocket listening = listen();
        makePool(settings.source("127.0.0.2", "127.0.0.3"));
        for (String source : List.of("127.0.0.2", "127.0.0.3", "127.0.0.2")) {
            Client client = connected();
            try (Socket accepted = listening.accept()) {
                assertEquals(source, accepted.getInetAddress().getHostAddress());
            }
            client.close();
        }
    }

    private ServerSocket listen() throws IOException {
        return listen(Integer.MAX_VALUE);
    }

    private ServerSocket listen(int maxConnections) throws IOException {
        ServerSocket listening = Loopback.listen();
        listening.setSoTimeout(20_000);
        open.add(listening);
        settings.server((InetSocketAddress) listening.getLocalSocketAddress(), maxConnections);
        return listening;
    }

    private void listenAsBlackHole() throws IOException {
        listenAsBlackHole(Integer.MAX_VALUE);
    }

    private void listenAsBlackHole(int maxConnections) throws IOException {
        Loopback.BlackHole blackHole = Loopback.blackHole();
        open.add(blackHole);
        settings.server(blackHole.address(), maxConnections);
    }

    private void makePool(PoolSettings poolSettings) {
        pool = poolSettings.pool();
        pool.home(home.loop().mailbox());
        states = new ServerStates(pool, (work, delayNs) -> { }, driven.clock());
        connector = new Connector(driven.loop(), PoolPlan.of(pool, states, pool.config()), wanted, null);
        PoolSettings.resolve(pool, states);
    }

    private Server server(int index) {
        return pool.servers().get(index);
    }

    private Client start() {
        return start(driven);
    }

    private Client start(HandDriven on) {
        Client client = new Client(on);
        client.attempts.prepare(client.connector, 0, CLIENT, LISTENER);
        client.attempts.start(pool.config().retries());
        return client;
    }

    private Client pinned(Server pin) {
        Client client = new Client(driven);
        client.attempts.prepare(client.connector, 0, CLIENT, LISTENER);
        client.attempts.startPinned(pin, pool.config().retries());
        return client;
    }

    private Client holderOfTheOnlySlotOfTheFirstOfTwo() throws IOException {
        listen(1);
        listen();
        makePool(settings);
        Client holder = pinned(server(0));
        driven.turnUntil(holder::isOver);
        return holder;
    }

    private Client connected() {
        Client client = start();
        driven.turnUntil(client::isOver);
        return client;
    }

    private Client queued() {
        Client client = start();
        assertTrue(client.attempts.isQueued());
        home.turn();
        return client;
    }

    private void turnAll() {
        for (int i = 0; i < 5; i++) {
            home.turn();
            driven.turn();
        }
    }

    private void turnAllUntil(BooleanSupplier condition) {
        home.turnUntil(() -> {
            driven.turn();
            return condition.getAsBoolean();
        });
    }

    private static boolean isConnectedTo(ServerSocket listening) throws IOException {
        listening.setSoTimeout(1);
        try (Socket accepted = listening.accept()) {
            return accepted.isConnected();
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static void exchange(Client client, Socket accepted) throws IOException {
        client.connection.write(ByteBuffer.wrap(new byte[] {'h', 'i'}));
        assertEquals("hi", receive(accepted, 2));
        client.connection.shutdownOutput();
        assertEnd(accepted);
        send(accepted, "bye");
    }

    /** Waits for a connection as a session does. */
    private final class Client implements ConnectHandler, AutoCloseable {

        private final Connector connector;
        private final ConnectAttempts attempts;
        private Connection connection;
        private Termination failure;

        Client(HandDriven on) {
            connector = on == driven ? ConnectAttemptsTest.this.connector
                    : new Connector(on.loop(), PoolPlan.of(pool, states, pool.config()), wanted, null);
            attempts = new ConnectAttempts(on.loop(), new WorkerStats(), this);
        }

        @Override
        public void onServerConnected(Connection server) {
            assertFalse(isOver());
            connection = server;
            open.add(this);
        }

        @Override
        public void onServerFailed(Termination termination) {
            assertFalse(isOver());
            failure = termination;
        }

        boolean isOver() {
            return connection != null || failure != null;
        }

        @Override
        public void close() {
            if (!connection.isClosed()) {
                connection.abort();
                attempts.releaseServer();
            }
        }
    }
}
