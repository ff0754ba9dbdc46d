package io.sluice.l4.tcp;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.assertReset;
import static io.sluice.core.net.Loopback.patient;
import static io.sluice.core.net.Loopback.reset;
import static io.sluice.l4.postgres.Packets.GSS_REQUEST;
import static io.sluice.l4.postgres.Packets.TLS_REQUEST;
import static io.sluice.l4.postgres.Packets.cancel;
import static io.sluice.l4.postgres.Packets.joined;
import static io.sluice.l4.postgres.Packets.keyData;
import static io.sluice.l4.postgres.Packets.message;
import static io.sluice.l4.postgres.Packets.startup;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpRouteConfig;
import io.sluice.core.buffer.BufferPool;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.log.Termination;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TlsKeys;
import io.sluice.core.pool.Role;
import io.sluice.core.stats.Counter;
import io.sluice.l4.tls.Hellos;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways of a PostgreSQL client through a listener that inspects it, byte for byte. */
class PostgresSessionTest {

    private static final byte[] STARTUP = startup("user", "alice", "database", "shop", "application_name", "psql");
    private static final byte[] HELLO = Hellos.ofEngine("db.example.com", "postgresql");
    private static final byte[] ANSWER = joined(message('R', new byte[4]), message('S', new byte[20]));
    private static final byte[] READY = message('Z', (byte) 'I');
    private static final byte[] SECRET = {1, 2, 3, 4};
    private static final byte[] YES = {'S'};
    private static final byte[] NO = {'N'};

    private final TcpFixture sluice = new TcpFixture();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerSocket first;
    private ServerSocket second;
    /** Those that the test is about. */
    private Socket client;
    private Socket server;

    @BeforeEach
    void listen() throws IOException {
        sluice.inspect = TcpListenerConfig.Inspect.POSTGRES;
        first = Loopback.listen();
        second = Loopback.listen();
        open.add(first);
        open.add(second);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        sluice.worker().askToKillSessions();
        await().atMost(20, SECONDS).until(() -> sluice.held() == 0);
        assertEquals(0, sluice.cancelKeys.size());
        sluice.close();
    }

    @Test
    void passesASessionOnHoweverItsStartIsCut() throws Exception {
        startWith(first);
        for (int cut = 1; cut < STARTUP.length; cut++) {
            client = connect();
            send(client, Arrays.copyOf(STARTUP, cut));
            send(client, Arrays.copyOfRange(STARTUP, cut, STARTUP.length));
            server = accept(first);
            assertReceives(STARTUP, server);
            byte[] answer = joined(ANSWER, keyData(cut, SECRET), READY);
            int answerCut = cut % answer.length;
            send(server, Arrays.copyOf(answer, answerCut));
            assertReceives(Arrays.copyOf(answer, answerCut), client);
            send(server, Arrays.copyOfRange(answer, answerCut, answer.length));
            assertReceives(Arrays.copyOfRange(answer, answerCut, answer.length), client);
            assertEquals(1, sluice.cancelKeys.size());
            assertRelays();
            client.close();
            server.close();
            SessionRecord record = ended(Termination.NORMAL, null);
            assertEquals(STARTUP.length + 1, record.clientBytes);
            assertEquals(answer.length + 1, record.serverBytes);
            assertEquals(List.of("alice", "shop", "psql"), List.of(record.user, record.database, record.application));
            assertNull(record.sni);
            assertEquals(0, sluice.cancelKeys.size());
        }
    }

    @Test
    void losesNothingWhenTheClientIsSlowToReadTheStart() throws Exception {
        startWith(first);
        client = new Socket();
        open.add(client);
        client.setReceiveBufferSize(2048);
        client.connect(sluice.address());
        patient(client);
        send(client, STARTUP);
        server = accept(first);
        assertReceives(STARTUP, server);
        byte[] notice = new byte[60_000];
        new Random(1).nextBytes(notice);
        byte[] answer = joined(message('N', notice), keyData(1, SECRET), new byte[3_000_000]);
        Thread sending = Thread.ofVirtual().start(() -> {
            try {
                send(server, answer);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertReceives(answer, client);
        sending.join();
        assertEquals(1, sluice.cancelKeys.size());
        reset(client);
        ended(Termination.CLIENT_ABORT_DATA, null);
    }

    @Test
    void waitsForABufferAtEveryStep() throws Exception {
        sluice.mostBuffers = 1;
        startWith(first);
        Socket holder = connect();
        send(holder, Arrays.copyOf(STARTUP, 5));
        awaitNextClient();
        client = connect();
        send(client, STARTUP);
        awaitNextClient();
        reset(holder);
        ended(Termination.CLIENT_ABORT_REQUEST, null);
        server = accept(first);
        assertReceives(STARTUP, server);
        Socket secondHolder = connect();
        send(secondHolder, Arrays.copyOf(STARTUP, 5));
        awaitNextClient();
        send(server, joined(ANSWER, keyData(1, SECRET)));
        awaitNextClient();
        reset(secondHolder);
        ended(Termination.CLIENT_ABORT_REQUEST, null);
        assertReceives(joined(ANSWER, keyData(1, SECRET)), client);
        assertEquals(1, sluice.cancelKeys.size());
        assertRelays();
    }

    /** Shows that the worker has read before what was sent before: it reads in no other order than it accepts. */
    private void awaitNextClient() throws Exception {
        long before = sluice.count(Counter.CONNECTIONS_ACCEPTED);
        connect();
        await().atMost(20, SECONDS).until(() -> sluice.count(Counter.CONNECTIONS_ACCEPTED) > before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesOnAServersEndDuringTheStart(boolean byReset) throws Exception {
        startWith(first);
        begin(first, STARTUP);
        send(server, message('E', new byte[3]));
        assertReceives(message('E', new byte[3]), client);
        if (byReset) {
            reset(server);
            assertReset(client);
            ended(Termination.SERVER_ABORT_DATA, null);
        } else {
            server.close();
            assertEnd(client);
            client.close();
            ended(Termination.NORMAL, null);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesOnAServersEndBeforeItsAnswer(boolean byReset) throws Exception {
        startWith(first);
        begin(first, STARTUP);
        if (byReset) {
            reset(server);
            assertReset(client);
        } else {
            server.close();
            assertEnd(client);
        }
        client.close();
        ended(byReset ? Termination.SERVER_ABORT_DATA : Termination.NORMAL, null);
    }

    @Test
    void sendsACancelRequestToTheServerOfItsSession() throws Exception {
        sluice.poolSettings.balance(Balance.ROUND_ROBIN);
        startWith(first, second);
        // The same process on both servers: the secret tells them apart.
        Socket onFirst = session(first, keyData(7, (byte) 1, (byte) 1, (byte) 1, (byte) 1));
        Socket onSecond = session(second, keyData(7, (byte) 2, (byte) 2, (byte) 2, (byte) 2));
        session(first, keyData(8, new byte[256]));
        assertCancelReaches(second, cancel(7, (byte) 2, (byte) 2, (byte) 2, (byte) 2));
        assertCancelReaches(first, cancel(7, (byte) 1, (byte) 1, (byte) 1, (byte) 1));
        assertCancelReaches(first, cancel(8, new byte[256]));
        assertCancelReaches(second, cancel(7, (byte) 2, (byte) 2, (byte) 2, (byte) 2));
        assertEquals(4, sluice.count(Counter.CANCELS_PASSED));
        reset(onFirst);
        await().atMost(20, SECONDS).until(() -> sluice.cancelKeys.size() == 2);
        reset(onSecond);
        ended(Termination.CLIENT_ABORT_DATA, null);
        ended(Termination.CLIENT_ABORT_DATA, null);
    }

    @Test
    void sendsACancelRequestToAServerThatIsFull() throws Exception {
        sluice.poolSettings.server(address(first), 1);
        sluice.poolSettings.server(address(second), 1);
        sluice.poolSettings.balance(Balance.FIRST);
        sluice.start();
        session(first, keyData(7, SECRET));
        session(second, keyData(8, SECRET));
        assertCancelReaches(first, cancel(7, SECRET));
        assertEquals(1, sluice.server(0).connections());
    }

    @Test
    void sendsACancelRequestToAServerThatHasLostItsRole() throws Exception {
        startWithPrimary();
        session(first, keyData(7, SECRET));
        sluice.states().found(sluice.server(0), Role.REPLICA, 1, "", 0);
        assertCancelReaches(first, cancel(7, SECRET));
    }

    @Test
    void resetsAClientWhoseServerLosesItsRoleDuringTheQuestion() throws Exception {
        startWithPrimary();
        begin(first, TLS_REQUEST);
        sluice.states().found(sluice.server(0), Role.REPLICA, 1, "", 0);
        send(server, YES);
        assertReset(client);
        assertEnd(server);
        ended(Termination.ROLE_DATA, null);
    }

    private void startWithPrimary() throws IOException {
        sluice.routes = List.of(new TcpRouteConfig(TcpRouteConfig.Match.ANY, TcpFixture.target(Wanted.PRIMARY)));
        startWith(first, second);
        sluice.states().found(sluice.server(0), Role.PRIMARY, 1, "", 0);
    }

    @Test
    void closesSilentlyWhatWouldCancelAnUnknownSession() throws Exception {
        startWith(first, second);
        assertClosesCancel();
    }

    @Test
    void sendsACancelRequestOfAnUnknownSessionToTheOnlyServer() throws Exception {
        startWith(first);
        assertCancelReaches(first, cancel(7, SECRET));
    }

    @Test
    void sendsACancelRequestOfAnUnknownSessionToThePrimary() throws Exception {
        startWithPrimary();
        assertCancelReaches(first, cancel(7, SECRET));
        sluice.states().found(sluice.server(0), Role.REPLICA, 1, "", 0);
        sluice.states().found(sluice.server(1), Role.PRIMARY, 2, "", 0);
        assertCancelReaches(second, cancel(7, SECRET));
        assertEquals(2, sluice.count(Counter.CANCELS_PASSED));
    }

    @Test
    void closesSilentlyWhatWouldCancelAnUnknownSessionWhileThereIsNoPrimary() throws Exception {
        startWithPrimary();
        sluice.states().found(sluice.server(0), Role.REPLICA, 1, "", 0);
        assertClosesCancel();
    }

    @Test
    void closesSilentlyWhatMayCancelASessionOfAnotherRole() throws Exception {
        sluice.routes = List.of(
                new TcpRouteConfig(TcpRouteConfig.Match.ANY, TcpFixture.target(Wanted.PRIMARY)),
                new TcpRouteConfig(new TcpRouteConfig.Match(List.of("ro.example.com"), List.of()),
                        TcpFixture.target(Wanted.REPLICA)));
        startWith(first, second);
        sluice.states().found(sluice.server(0), Role.PRIMARY, 1, "", 0);
        assertClosesCancel();
    }

    @Test
    void passesTheAgreementToTlsOn() throws Exception {
        startWith(first);
        begin(first, TLS_REQUEST);
        send(server, YES);
        assertReceives(YES, client);
        send(client, HELLO);
        assertReceives(HELLO, server);
        assertRelays();
        reset(client);
        assertNull(ended(Termination.CLIENT_ABORT_DATA, null).user);
    }

    @Test
    void readsTheStartBehindARefusalOfTlsAndKeepsTheServer() throws Exception {
        sluice.poolSettings.balance(Balance.ROUND_ROBIN);
        startWith(first, second);
        for (ServerSocket listening : List.of(first, second, first)) {
            client = connect();
            send(client, GSS_REQUEST);
            assertReceives(NO, client);
            send(client, TLS_REQUEST);
            server = accept(listening);
            assertReceives(TLS_REQUEST, server);
            send(server, NO);
            assertReceives(NO, client);
            send(client, GSS_REQUEST);
            assertReceives(NO, client);
            send(client, STARTUP);
            assertReceives(STARTUP, server);
            send(server, keyData(9, SECRET));
            assertReceives(keyData(9, SECRET), client);
            assertCancelReaches(listening, cancel(9, SECRET));
            reset(client);
            assertEquals("alice", ended(Termination.CLIENT_ABORT_DATA, null).user);
        }
    }

    @Test
    void sendsACancelRequestBehindARefusalOfTlsToItsServer() throws Exception {
        sluice.poolSettings.balance(Balance.ROUND_ROBIN);
        startWith(first, second);
        session(first, keyData(7, SECRET));
        client = connect();
        send(client, TLS_REQUEST);
        Socket asked = accept(second);
        assertReceives(TLS_REQUEST, asked);
        send(asked, NO);
        assertReceives(NO, client);
        send(client, cancel(7, SECRET));
        assertReceives(cancel(7, SECRET), accept(first));
        assertEnd(asked);
        await().atMost(20, SECONDS).until(() -> sluice.server(1).connections() == 0);
    }

    @Test
    void passesAnythingElseThanAgreementOn() throws Exception {
        startWith(first);
        begin(first, TLS_REQUEST);
        send(server, message('E', new byte[9]));
        assertReceives(message('E', new byte[9]), client);
        assertRelays();
    }

    @Test
    void passesOnWhatAServerSaysThatIsKept() throws Exception {
        startWith(first);
        refuseTls();
        send(client, new byte[] {0, 0});
        send(server, message('E', new byte[9]));
        assertReceives(message('E', new byte[9]), client);
        assertReceives(new byte[] {0, 0}, server);
    }

    @Test
    void passesOnTheEndOfAClientWhoseServerIsKept() throws Exception {
        startWith(first);
        refuseTls();
        client.close();
        assertEnd(server);
        server.close();
        ended(Termination.NORMAL, null);
    }

    @Test
    void resetsAClientWhoseKeptServerGoesAway() throws Exception {
        startWith(first);
        refuseTls();
        server.close();
        assertReset(client);
        ended(Termination.SERVER_ABORT_RESPONSE, null);
    }

    @Test
    void agreesToTlsForARouteAndHasTheServerAgree() throws Exception {
        startWithNames(first);
        for (int cut = 1; cut < HELLO.length; cut += 7) {
            client = connect();
            send(client, TLS_REQUEST);
            assertReceives(YES, client);
            send(client, Arrays.copyOf(HELLO, cut));
            send(client, Arrays.copyOfRange(HELLO, cut, HELLO.length));
            server = accept(first);
            assertReceives(TLS_REQUEST, server);
            send(server, YES);
            assertReceives(HELLO, server);
            assertRelays();
            reset(client);
            assertEquals("db.example.com", ended(Termination.CLIENT_ABORT_DATA, null).sni);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"N", "E", "SS", "S\u0000", "\u0000"})
    void resetsAClientWhoseServerDoesNotAgreeAsSluiceDid(String answer) throws Exception {
        agreeToTls();
        send(client, HELLO);
        server = accept(first);
        assertReceives(TLS_REQUEST, server);
        Loopback.send(server, answer);
        assertReset(client);
        assertEnd(server);
        ended(Termination.PROXY_REFUSED_RESPONSE, Refusal.SERVER_WITHOUT_TLS);
        assertEquals(1, sluice.count(Counter.OPENINGS_REFUSED));
    }

    @Test
    void routesAClientThatBeginsWithTls() throws Exception {
        startWithNames(first);
        begin(first, HELLO);
        assertRelays();
        reset(client);
        assertEquals("db.example.com", ended(Termination.CLIENT_ABORT_DATA, null).sni);
    }

    @Test
    void tellsAClientThatItShouldSpeakTls() throws Exception {
        sluice.tls = TlsKeys.ec().servers(TlsKeys.Maker.JDK);
        startWith(first);
        client = connect();
        send(client, joined(GSS_REQUEST));
        assertReceives(NO, client);
        send(client, STARTUP);
        assertDemandsTls();
        assertEquals("alice", ended(Termination.PROXY_DENIED, Refusal.NOT_TLS).user);
        assertEquals(1, sluice.count(Counter.OPENINGS_REFUSED));
    }

    /** A start that does not fit a buffer is left to the server, which the ClientHello has chosen. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesALongStartOnFromTlsThatEndsHere(boolean withNames) throws Exception {
        sluice.tls = TlsKeys.ec().servers(TlsKeys.Maker.JDK);
        if (withNames) {
            startWithNames(first);
        } else {
            startWith(first);
        }
        enterTls();
        byte[] start = startup("user", "alice", "options", "x".repeat(TcpFixture.BUFFER_BYTES));
        send(client, start);
        server = accept(first);
        assertReceives(start, server);
        assertRelays();
    }

    @Test
    void refusesARequestForTlsWithinTls() throws Exception {
        sluice.tls = TlsKeys.ec().servers(TlsKeys.Maker.JDK);
        startWith(first);
        enterTls();
        send(client, TLS_REQUEST);
        ended(Termination.PROXY_DENIED, Refusal.TLS_TWICE);
    }

    /** The client's TLS ends at Sluice. */
    private void enterTls() throws IOException {
        client = connect();
        send(client, TLS_REQUEST);
        assertReceives(YES, client);
        client = TlsKeys.ec().context().getSocketFactory()
                .createSocket(client, "db.example.com", client.getPort(), true);
        open.add(client);
    }

    private void assertDemandsTls() throws IOException {
        byte[] error = client.getInputStream().readAllBytes();
        assertEquals('E', error[0]);
        assertEquals(error.length - 1, ByteBuffer.wrap(error).getInt(1));
        String fields = new String(error, 5, error.length - 5, StandardCharsets.UTF_8);
        assertTrue(fields.matches("SFATAL\0VFATAL\0C28000\0M[^\0]*TLS is required[^\0]*\0\0"), fields);
    }

    @Test
    void resetsWhomNoRouteTakes() throws Exception {
        startWithNames(first);
        client = connect();
        send(client, Hellos.ofEngine("other.example.com", "postgresql"));
        assertReset(client);
        ended(Termination.PROXY_DENIED, Refusal.NO_ROUTE);
        assertEquals(1, sluice.count(Counter.NO_ROUTE));
    }

    @Test
    void tellsAClientThatNoRouteTakesItWithoutTls() throws Exception {
        startWithNames(first);
        client = connect();
        send(client, STARTUP);
        assertDemandsTls();
        SessionRecord record = ended(Termination.PROXY_DENIED, Refusal.NO_ROUTE);
        assertEquals("alice", record.user);
        assertNull(record.pool);
        assertEquals(1, sluice.count(Counter.NO_ROUTE));
    }

    @Test
    void resetsWhoAsksForTlsAndSendsSomethingElse() throws Exception {
        agreeToTls();
        send(client, STARTUP);
        assertReset(client);
        ended(Termination.PROXY_DENIED, Refusal.NO_HELLO);
    }

    /** What came before the agreement must not be taken for what was sent under its protection. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void resetsWhoSendsMoreBeforeTheAnswer(boolean withNames, boolean gss) throws Exception {
        if (withNames) {
            startWithNames(first);
        } else {
            startWith(first);
        }
        client = connect();
        send(client, joined(gss ? GSS_REQUEST : TLS_REQUEST, HELLO));
        assertReset(client);
        ended(Termination.PROXY_DENIED, Refusal.EARLY_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"S", "N"})
    void resetsWhoSendsMoreBeforeTheServersAnswer(String answer) throws Exception {
        startWith(first);
        begin(first, TLS_REQUEST);
        send(client, HELLO);
        awaitNextClient();
        Loopback.send(server, answer);
        assertReset(client);
        ended(Termination.PROXY_DENIED, Refusal.EARLY_BYTES);
    }

    @Test
    void leavesWhatIsNotPostgresToTheServer() throws Exception {
        startWith(first);
        client = connect();
        Loopback.send(client, "GET / HTTP/1.1\r\n");
        server = accept(first);
        assertEquals("GET / HTTP/1.1\r\n", Loopback.receive(server, 16));
        assertRelays();
    }

    @Test
    void leavesAHelloThatFitsNoBufferToTheRouteWithoutConditions() throws Exception {
        sluice.routes = List.of(new TcpRouteConfig(
                new TcpRouteConfig.Match(List.of("never.test"), List.of()), TcpFixture.target(Wanted.ANY)),
                new TcpRouteConfig(TcpRouteConfig.Match.ANY, TcpFixture.target(Wanted.ANY)));
        startWith(first);
        byte[] hello = new byte[TcpFixture.BUFFER_BYTES + 1000];
        System.arraycopy(new byte[] {22, 3, 1, 0x3f, 0, 1, 0, 0x3e, 0}, 0, hello, 0, 9);
        begin(first, hello);
        assertRelays();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void resetsAClientThatIsLate(int sent) throws Exception {
        sluice.timeouts = new TcpListenerConfig.Timeouts(Duration.ofMillis(500), TcpFixture.LONG, TcpFixture.LONG);
        startWith(first);
        client = connect();
        send(client, Arrays.copyOf(STARTUP, sent));
        assertReset(client);
        ended(Termination.CLIENT_TIMEOUT_REQUEST, null);
    }

    @Test
    void resetsAClientThatIsLateBehindARefusalOfTls() throws Exception {
        sluice.timeouts = new TcpListenerConfig.Timeouts(Duration.ofSeconds(2), TcpFixture.LONG, TcpFixture.LONG);
        startWith(first);
        refuseTls();
        assertReset(client);
        assertEnd(server);
        ended(Termination.CLIENT_TIMEOUT_REQUEST, null);
    }

    @Test
    void takesNoClientForLateWhoseBytesWaitForABuffer() throws Exception {
        sluice.timeouts = new TcpListenerConfig.Timeouts(Duration.ofSeconds(1), TcpFixture.LONG, TcpFixture.LONG);
        startWith(first);
        client = connect();
        outlastTimeoutWithoutBuffers(client, TLS_REQUEST);
        server = accept(first);
        assertReceives(TLS_REQUEST, server);
        send(server, NO);
        assertReceives(NO, client);
        outlastTimeoutWithoutBuffers(client, STARTUP);
        assertReceives(STARTUP, server);
        assertRelays();
    }

    @Test
    void takesNoServerForLateWhoseAnswerWaitsForABuffer() throws Exception {
        sluice.timeouts = new TcpListenerConfig.Timeouts(Duration.ofSeconds(1), TcpFixture.LONG, TcpFixture.LONG);
        sluice.poolSettings.connectTimeout(Duration.ofSeconds(1));
        startWith(first);
        begin(first, TLS_REQUEST);
        outlastTimeoutWithoutBuffers(server, NO);
        assertReceives(NO, client);
    }

    /** Has someone send bytes for which there is no buffer until the timeout of a later, silent client is over. */
    private void outlastTimeoutWithoutBuffers(Socket sender, byte[] bytes) throws Exception {
        List<ByteBuffer> taken = new ArrayList<>();
        BufferPool buffers = sluice.worker().buffers();
        onWorker(() -> {
            while (buffers.inUse() < buffers.most()) {
                taken.add(buffers.acquire());
            }
        });
        send(sender, bytes);
        assertReset(connect());
        ended(Termination.CLIENT_TIMEOUT_REQUEST, null);
        onWorker(() -> taken.forEach(buffers::release));
    }

    private void onWorker(Runnable action) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        sluice.worker().loop().mailbox().post(() -> {
            action.run();
            done.complete(null);
        });
        done.get(20, SECONDS);
    }

    @Test
    void resetsAClientWhoseServerDoesNotAnswer() throws Exception {
        sluice.poolSettings.connectTimeout(Duration.ofMillis(50));
        startWith(first);
        client = connect();
        send(client, TLS_REQUEST);
        assertReset(client);
        ended(Termination.SERVER_TIMEOUT_RESPONSE, null);
    }

    @Test
    void resetsAClientWhoseServerEndsInsteadOfAnAnswer() throws Exception {
        startWith(first);
        client = connect();
        send(client, TLS_REQUEST);
        accept(first).close();
        assertReset(client);
        ended(Termination.SERVER_ABORT_RESPONSE, null);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "5, false", "5, true"})
    void noticesAClientThatGoesAway(int sent, boolean byReset) throws Exception {
        startWith(first);
        client = connect();
        send(client, Arrays.copyOf(STARTUP, sent));
        if (byReset) {
            reset(client);
        } else {
            client.close();
        }
        ended(Termination.CLIENT_ABORT_REQUEST, null);
    }

    @Test
    void noticesAClientThatResetsDuringTheQuestion() throws Exception {
        startWith(first);
        begin(first, TLS_REQUEST);
        reset(client);
        assertEnd(server);
        ended(Termination.CLIENT_ABORT_CONNECT, null);
    }

    @Test
    void resetsAClientOfAKeptServerThatGoesDown() throws Exception {
        startWith(first);
        refuseTls();
        sluice.worker().askToAbortSessions(sluice.server(0));
        assertReset(client);
        ended(Termination.DOWN_DATA, null);
    }

    private void startWith(ServerSocket... servers) throws IOException {
        for (ServerSocket server : servers) {
            sluice.poolSettings.server(address(server));
        }
        sluice.start();
    }

    private void startWithNames(ServerSocket server) throws IOException {
        sluice.routes = List.of(new TcpRouteConfig(
                new TcpRouteConfig.Match(List.of("db.example.com"), List.of()), TcpFixture.target(Wanted.ANY)));
        startWith(server);
    }

    /** A session with that key on that server. */
    private Socket session(ServerSocket listening, byte[] keyData) throws IOException {
        begin(listening, STARTUP);
        byte[] answer = joined(ANSWER, keyData, READY);
        send(server, answer);
        assertReceives(answer, client);
        return client;
    }

    /** A new client begins with these bytes, which a server gets. */
    private void begin(ServerSocket listening, byte[] bytes) throws IOException {
        client = connect();
        send(client, bytes);
        server = accept(listening);
        assertReceives(bytes, server);
    }

    /** Has a new client's question for TLS answered with no. */
    private void refuseTls() throws IOException {
        begin(first, TLS_REQUEST);
        send(server, NO);
        assertReceives(NO, client);
    }

    /** Has Sluice itself answer a new client's question for TLS with yes. */
    private void agreeToTls() throws IOException {
        startWithNames(first);
        client = connect();
        send(client, TLS_REQUEST);
        assertReceives(YES, client);
    }

    private void assertCancelReaches(ServerSocket listening, byte[] request) throws Exception {
        Socket canceller = connect();
        send(canceller, request);
        Socket asked = accept(listening);
        assertReceives(request, asked);
        asked.close();
        assertEnd(canceller);
        canceller.close();
        ended(Termination.NORMAL, null);
    }

    private void assertClosesCancel() throws Exception {
        client = connect();
        send(client, cancel(7, SECRET));
        assertEnd(client);
        ended(Termination.PROXY_DENIED, Refusal.UNKNOWN_CANCEL_KEY);
        assertEquals(1, sluice.count(Counter.CANCELS_UNKNOWN));
        assertEquals(0, sluice.count(Counter.CANCELS_PASSED));
    }

    private void assertRelays() throws IOException {
        send(client, new byte[] {1});
        assertReceives(new byte[] {1}, server);
        send(server, new byte[] {2});
        assertReceives(new byte[] {2}, client);
    }

    private static void assertReceives(byte[] expected, Socket socket) throws IOException {
        assertArrayEquals(expected, socket.getInputStream().readNBytes(expected.length));
    }

    private Socket connect() throws IOException {
        Socket client = sluice.connect();
        open.add(client);
        return client;
    }

    private Socket accept(ServerSocket listening) throws IOException {
        listening.setSoTimeout(20_000);
        Socket accepted = patient(listening.accept());
        open.add(accepted);
        return accepted;
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    private static InetSocketAddress address(ServerSocket server) {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private SessionRecord ended(Termination termination, Refusal refusal) throws InterruptedException {
        SessionRecord record = sluice.nextRecord();
        assertEquals(termination, record.termination);
        assertEquals(refusal == null ? null : refusal.reason(), record.refusal);
        return record;
    }
}
