package io.sluice.l4.tcp;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.assertReset;
import static io.sluice.core.net.Loopback.assertResets;
import static io.sluice.core.net.Loopback.patient;
import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.reset;
import static io.sluice.core.net.Loopback.send;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AccessConfig;
import io.sluice.config.Cidr;
import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.Rate;
import io.sluice.config.RateLimitConfig;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpRouteConfig;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.Pace;
import io.sluice.core.net.Loopback;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways of a client through a TCP listener, and what is logged and counted of each. */
class TcpSessionTest {

    private final TcpFixture sluice = new TcpFixture();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = Loopback.listen();
        open.add(server);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        sluice.worker().askToKillSessions();
        await().atMost(20, SECONDS).until(() -> sluice.held() == 0);
        assertEquals(sluice.count(Counter.CONNECTIONS_ACCEPTED), sluice.count(Counter.CONNECTIONS_ENDED));
        sluice.close();
    }

    @Test
    void logsAnOrderlyEnd() throws Exception {
        startWithServer();
        Socket client = connect();
        Socket atServer = accept();
        send(client, "question");
        assertEquals("question", receive(atServer, 8));
        send(atServer, "answer");
        assertEquals("answer", receive(client, 6));
        client.shutdownOutput();
        assertEnd(atServer);
        atServer.shutdownOutput();
        assertEnd(client);
        SessionRecord record = ended(Termination.NORMAL, "s0");
        assertEquals("listener", record.listener);
        assertEquals("pool", record.pool);
        assertEquals(client.getLocalSocketAddress(), record.client);
        assertEquals(8, record.clientBytes);
        assertEquals(6, record.serverBytes);
        assertEquals(0, record.retries);
        assertEquals(0, record.queueNs);
        assertTrue(record.connectNs >= 0 && record.totalNs >= record.connectNs);
        assertEquals(8, sluice.count(Counter.CLIENT_BYTES));
        assertEquals(6, sluice.count(Counter.SERVER_BYTES));
    }

    @Test
    void countsRetries() throws Exception {
        sluice.poolSettings.server(Loopback.refusing()).retries(1).balance(Balance.FIRST);
        startWithServer();
        Socket client = connect();
        accept();
        client.close();
        server.close();
        reset(acceptedLast());
        SessionRecord record = sluice.nextRecord();
        assertEquals("s1", record.server);
        assertEquals(1, record.retries);
        assertEquals(1, sluice.count(Counter.CONNECT_RETRIES));
    }

    @Test
    void resetsAtOnceWhenNoServerIsUp() throws Exception {
        startWithServer();
        sluice.states().unhealthy(sluice.server(0), "test");
        assertResets(sluice.address());
        SessionRecord record = ended(Termination.SERVER_REFUSED, null);
        assertEquals(-1, record.connectNs);
        assertEquals(1, sluice.count(Counter.NO_SERVER_UP));
        assertEquals(0, sluice.count(Counter.CONNECT_FAILURES));
    }

    @Test
    void resetsWhenAllServersRefuse() throws Exception {
        sluice.poolSettings.server(Loopback.refusing());
        sluice.start();
        assertResets(sluice.address());
        ended(Termination.SERVER_REFUSED, "s0");
        assertEquals(1, sluice.count(Counter.CONNECT_FAILURES));
        assertEquals(0, sluice.count(Counter.NO_SERVER_UP));
    }

    @Test
    void resetsWhenNoServerAnswersInTime() throws Exception {
        sluice.poolSettings.connectTimeout(Duration.ofMillis(50));
        startWithBlackHole();
        assertResets(sluice.address());
        ended(Termination.SERVER_TIMEOUT_CONNECT, "s0");
    }

    @Test
    void resetsWhenThisHostCannotConnect() throws Exception {
        sluice.poolSettings.source("192.0.2.77");
        startWithServer();
        assertResets(sluice.address());
        ended(Termination.RESOURCE_CONNECT, "s0");
    }

    /** Its request, or nothing, and its end are read while a first server does not answer. */
    @ParameterizedTest
    @ValueSource(strings = {"request", ""})
    void servesAClientThatEndedItsDirectionBeforeItHadAServer(String request) throws Exception {
        sluice.poolSettings.connectTimeout(Duration.ofMillis(300)).retries(1).balance(Balance.FIRST);
        addBlackHole();
        startWithServer();
        Socket client = connect();
        send(client, request);
        client.shutdownOutput();
        Socket atServer = accept();
        assertEquals(request, receive(atServer, request.length()));
        assertEnd(atServer);
        send(atServer, "answer");
        atServer.close();
        assertEquals("answer", receive(client, 6));
        assertEnd(client);
        ended(Termination.NORMAL, "s1");
    }

    @Test
    void givesUpForAClientThatResetsBeforeItHasAServer() throws Exception {
        startWithBlackHole();
        Socket client = connect();
        await().atMost(20, SECONDS).until(() -> sluice.server(0).connections() == 1);
        reset(client);
        ended(Termination.CLIENT_ABORT_CONNECT, "s0");
        assertEquals(0, sluice.server(0).connections());
    }

    @ParameterizedTest
    @CsvSource({"true, CLIENT_ABORT_DATA", "false, SERVER_ABORT_DATA"})
    void logsWhoResetTheConnection(boolean byClient, Termination termination) throws Exception {
        startWithServer();
        Socket client = connect();
        Socket atServer = accept();
        send(client, "hello");
        receive(atServer, 5);
        reset(byClient ? client : atServer);
        assertReset(byClient ? atServer : client);
        assertEquals(5, ended(termination, "s0").clientBytes);
    }

    /** As PostgreSQL over TLS, which does not read the end of TLS; there is no reason to check such a server sooner. */
    @Test
    void takesAResetAfterTheClientsEndForAnOrderlyEnd() throws Exception {
        startWithServer();
        BlockingQueue<Server> suspected = new LinkedBlockingQueue<>();
        sluice.states().onSuspicion(suspected::add);
        Socket client = connect();
        Socket atServer = accept();
        send(client, "farewell");
        client.shutdownOutput();
        assertEquals("farewell", receive(atServer, 8));
        assertEnd(atServer);
        reset(atServer);
        assertReset(client);
        assertEquals(8, ended(Termination.NORMAL, "s0").clientBytes);
        assertTrue(suspected.isEmpty());
    }

    @Test
    void resetsASilentClient() throws Exception {
        sluice.timeouts = new TcpListenerConfig.Timeouts(TcpFixture.LONG, Duration.ofMillis(50), TcpFixture.LONG);
        startWithServer();
        Socket client = connect();
        assertReset(accept());
        assertReset(client);
        ended(Termination.CLIENT_TIMEOUT_DATA, "s0");
    }

    @Test
    void resetsASilentServer() throws Exception {
        sluice.poolSettings.serverTimeout(Duration.ofMillis(50));
        startWithServer();
        Socket client = connect();
        assertReset(accept());
        assertReset(client);
        ended(Termination.SERVER_TIMEOUT_DATA, "s0");
    }

    @Test
    void queuesNobodyWhoHasLeftBefore() throws Exception {
        Socket holder = startWithFullServer();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        sluice.worker().loop().mailbox().post(() -> {
            held.countDown();
            try {
                assertTrue(left.await(20, SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertTrue(held.await(20, SECONDS));
        connect().shutdownOutput();
        left.countDown();
        ended(Termination.CLIENT_ABORT_QUEUE, null);
        holder.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letsAClientLeaveTheQueue(boolean byReset) throws Exception {
        Socket holder = startWithFullServer();
        Socket waiting = connect();
        await().atMost(20, SECONDS).until(() -> sluice.pool().queueLength() == 1);
        if (byReset) {
            reset(waiting);
        } else {
            waiting.shutdownOutput();
        }
        SessionRecord record = ended(Termination.CLIENT_ABORT_QUEUE, null);
        assertTrue(record.queueNs >= 0);
        await().atMost(20, SECONDS).until(() -> sluice.pool().queueLength() == 0);
        reset(holder);
        ended(Termination.CLIENT_ABORT_DATA, "s0");
    }

    @Test
    void servesAClientFromTheQueueWithWhatItSentMeanwhile() throws Exception {
        Socket holder = startWithFullServer();
        Socket waiting = connect();
        send(waiting, "early");
        await().atMost(20, SECONDS).until(() -> sluice.pool().queueLength() == 1);
        reset(holder);
        ended(Termination.CLIENT_ABORT_DATA, "s0");
        Socket atServer = accept();
        assertEquals("early", receive(atServer, 5));
        reset(atServer);
        assertTrue(ended(Termination.SERVER_ABORT_DATA, "s0").queueNs > 0);
    }

    @Test
    void resetsAClientThatWaitsForTooLong() throws Exception {
        sluice.poolSettings.queueTimeout(Duration.ofMillis(50));
        startWithFullServer();
        assertResets(sluice.address());
        ended(Termination.SERVER_TIMEOUT_QUEUE, null);
        assertEquals(1, sluice.count(Counter.QUEUE_TIMEOUTS));
    }

    @Test
    void resetsAClientForWhomTheQueueHasNoPlace() throws Exception {
        sluice.poolSettings.maxQueue(0);
        startWithFullServer();
        assertResets(sluice.address());
        ended(Termination.PROXY_QUEUE_FULL, null);
        assertEquals(1, sluice.count(Counter.QUEUE_FULL));
    }

    @Test
    void resetsSessionsOfAServerThatWentDown() throws Exception {
        startWithServer();
        Socket client = relaying();
        sluice.worker().askToAbortSessions(sluice.server(0));
        assertReset(client);
        ended(Termination.DOWN_DATA, "s0");
    }

    @Test
    void resetsSessionsThatWantThePrimaryWhenTheirServerIsNoneAnyMore() throws Exception {
        sluice.routes = List.of(new TcpRouteConfig(TcpRouteConfig.Match.ANY, TcpFixture.target(Wanted.PRIMARY)));
        startWithServer();
        sluice.states().found(sluice.server(0), Role.PRIMARY, 1, "", 0);
        Socket client = relaying();
        sluice.states().found(sluice.server(0), Role.REPLICA, 1, "", 0);
        sluice.worker().askToLeaveDemoted(sluice.server(0), new Pace(Rate.perSecond(200), System.nanoTime()));
        assertReset(client);
        ended(Termination.ROLE_DATA, "s0");
        assertEquals(1, sluice.count(Counter.ROLE_CHANGE_RESETS));
        assertEquals(0, sluice.count(Counter.CLIENTS_HELD));
    }

    @Test
    void resetsSessionsThatNewClientsWouldNotGetTheServerOf() throws Exception {
        startWithTwo(Balance.FIRST);
        Socket late = relaying();
        sluice.states().healthy(sluice.server(0), "test");
        Socket early = relaying();
        failBack();
        assertReset(late);
        ended(Termination.FAILBACK_DATA, "s1");
        Map<String, Long> errors = new HashMap<>();
        sluice.server(1).traffic().of(0).errors().addTo(errors);
        assertEquals(Map.of("failback-data", 1L), errors);
        reset(early);
        ended(Termination.CLIENT_ABORT_DATA, "s0");
    }

    @Test
    void leavesSessionsAloneThatNewClientsMayGetTheServerOf() throws Exception {
        startWithTwo(Balance.ROUND_ROBIN);
        Socket client = relaying();
        sluice.states().healthy(sluice.server(0), "test");
        failBack();
        send(acceptedLast(), "y");
        assertEquals("y", receive(client, 1));
        reset(client);
        ended(Termination.CLIENT_ABORT_DATA, "s1");
    }

    @Test
    void resetsAClientThatIsBeingConnectedWhereNewClientsAreNotSent() throws Exception {
        sluice.poolSettings.balance(Balance.FIRST).server((InetSocketAddress) server.getLocalSocketAddress());
        startWithBlackHole();
        sluice.states().unhealthy(sluice.server(0), "test");
        Socket client = connect();
        await().atMost(20, SECONDS).until(() -> sluice.server(1).connections() == 1);
        sluice.states().healthy(sluice.server(0), "test");
        failBack();
        assertReset(client);
        ended(Termination.FAILBACK_DATA, "s1");
    }

    /** Only the second one, s1, is up. */
    private void startWithTwo(Balance balance) throws IOException {
        sluice.poolSettings.balance(balance).server((InetSocketAddress) server.getLocalSocketAddress());
        startWithServer();
        sluice.states().unhealthy(sluice.server(0), "test");
    }

    private void failBack() {
        sluice.worker().askToFailBack(sluice.server(0), new Pace(Rate.UNLIMITED, System.nanoTime()));
    }

    @Test
    void holdsAClientUntilThereIsAServer() throws Exception {
        sluice.poolSettings.hold(Duration.ofSeconds(20));
        startWithServer();
        sluice.states().unhealthy(sluice.server(0), "test");
        Socket client = connect();
        send(client, "early");
        await().atMost(20, SECONDS).until(() -> sluice.pool().queueLength() == 1);
        sluice.states().healthy(sluice.server(0), "test");
        assertEquals("early", receive(accept(), 5));
        reset(client);
        SessionRecord record = ended(Termination.CLIENT_ABORT_DATA, "s0");
        assertTrue(record.queueNs > 0);
        assertEquals(1, sluice.count(Counter.CLIENTS_HELD));
    }

    @Test
    void resetsAClientThatWasHeldInVain() throws Exception {
        sluice.poolSettings.hold(Duration.ofMillis(50));
        startWithServer();
        sluice.states().unhealthy(sluice.server(0), "test");
        assertResets(sluice.address());
        ended(Termination.SERVER_TIMEOUT_QUEUE, null);
        assertEquals(1, sluice.count(Counter.QUEUE_TIMEOUTS));
        assertEquals(1, sluice.count(Counter.CLIENTS_HELD));
    }

    @Test
    void leavesSessionsAloneThatWantNoPrimaryOrAreToBeKept() throws Exception {
        startWithServer();
        sluice.states().found(sluice.server(0), Role.PRIMARY, 1, "", 0);
        Socket client = relaying();
        sluice.states().found(sluice.server(0), Role.REPLICA, 1, "", 0);
        sluice.worker().askToLeaveDemoted(sluice.server(0), new Pace(Rate.perSecond(200), System.nanoTime()));
        sluice.worker().askToLeaveDemoted(sluice.server(0), null);
        send(acceptedLast(), "y");
        assertEquals("y", receive(client, 1));
        reset(client);
        ended(Termination.CLIENT_ABORT_DATA, "s0");
    }

    @Test
    void hasAServerCheckedThatResetsASession() throws Exception {
        startWithServer();
        BlockingQueue<Server> suspected = new LinkedBlockingQueue<>();
        sluice.states().onSuspicion(suspected::add);
        relaying();
        reset(acceptedLast());
        ended(Termination.SERVER_ABORT_DATA, "s0");
        assertEquals(sluice.server(0), suspected.poll(20, SECONDS));
    }

    @Test
    void saysInWhichPhaseASessionWasKilled() throws Exception {
        Socket holder = startWithFullServer();
        connect();
        await().atMost(20, SECONDS).until(() -> sluice.pool().queueLength() == 1);
        sluice.worker().askToKillSessions();
        assertReset(holder);
        List<Termination> terminations = new ArrayList<>();
        terminations.add(sluice.nextRecord().termination);
        terminations.add(sluice.nextRecord().termination);
        terminations.sort(null);
        assertEquals(List.of(Termination.KILLED_QUEUE, Termination.KILLED_DATA), terminations);
    }

    @Test
    void saysThatASessionWasKilledBeforeItHadAServer() throws Exception {
        startWithBlackHole();
        Socket client = connect();
        await().atMost(20, SECONDS).until(() -> sluice.server(0).connections() == 1);
        sluice.worker().askToKillSessions();
        assertReset(client);
        ended(Termination.KILLED_CONNECT, "s0");
    }

    @Test
    void refusesAClientOfADeniedNetwork() throws Exception {
        sluice.access = new AccessConfig(List.of(), List.of(new Cidr(InetAddress.ofLiteral("127.0.0.0"), 8)));
        startWithServer();
        assertResets(sluice.address());
        ended(Termination.PROXY_DENIED, null);
        assertEquals(1, sluice.count(Counter.CONNECTIONS_DENIED));
    }

    @Test
    void refusesAClientThatConnectsTooOften() throws Exception {
        sluice.rateLimit = Optional.of(
                new RateLimitConfig(new Rate(1, Rate.Per.HOUR), 1, RateLimitConfig.BY_CLIENT, false));
        startWithServer();
        Socket first = connect();
        accept();
        assertResets(sluice.address());
        ended(Termination.PROXY_DENIED, null);
        assertEquals(1, sluice.count(Counter.CONNECTIONS_RATE_LIMITED));
        first.close();
    }

    private void startWithServer() throws IOException {
        sluice.poolSettings.server((InetSocketAddress) server.getLocalSocketAddress());
        sluice.start();
    }

    /** Starts, and has a client take the one slot of the one server. */
    private Socket startWithFullServer() throws Exception {
        sluice.poolSettings.server((InetSocketAddress) server.getLocalSocketAddress(), 1);
        sluice.start();
        return relaying();
    }

    private void startWithBlackHole() throws IOException {
        addBlackHole();
        sluice.start();
    }

    private void addBlackHole() throws IOException {
        Loopback.BlackHole blackHole = Loopback.blackHole();
        open.add(blackHole);
        sluice.poolSettings.server(blackHole.address());
    }

    private Socket connect() throws IOException {
        Socket client = sluice.connect();
        open.add(client);
        return client;
    }

    /** A client whose session is past connecting, as bytes show that have come through. */
    private Socket relaying() throws Exception {
        Socket client = connect();
        send(accept(), "x");
        receive(client, 1);
        return client;
    }

    private Socket accept() throws IOException {
        Socket accepted = patient(server.accept());
        open.add(accepted);
        return accepted;
    }

    private Socket acceptedLast() {
        return (Socket) open.getLast();
    }

    private SessionRecord ended(Termination termination, String serverName) throws InterruptedException {
        SessionRecord record = sluice.nextRecord();
        assertEquals(termination, record.termination);
        if (serverName == null) {
            assertNull(record.server);
        } else {
            assertEquals(serverName, record.server);
        }
        return record;
    }
}
