package io.sluice.core.connect;

import static io.sluice.core.net.Loopback.patient;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.ClientTlsConfig.Negotiation;
import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.address.ProxyProtocol;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Connection;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TlsBuffers;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.net.TlsKeys;
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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL servers are asked for TLS before it begins, and what they answer. */
class PostgresTlsRequestTest {

    /** As PostgreSQL's manual has it: the length, and 1234 and 5679 in two bytes each. */
    private static final byte[] REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 1111);
    private static final InetSocketAddress LISTENER = new InetSocketAddress("192.0.2.2", 2222);

    private final HandDriven driven = new HandDriven();
    private final TlsBuffers buffers = new TlsBuffers(driven.loop());
    private final PoolSettings settings = new PoolSettings().balance(Balance.FIRST).tls(Negotiation.POSTGRES);
    private final List<AutoCloseable> open = new ArrayList<>();
    private Pool pool;
    private ServerStates states;
    private ConnectAttempts attempts;
    private Connection connection;
    private Termination failure;

    @AfterEach
    void closeAll() throws Exception {
        if (connection != null) {
            connection.abort();
            attempts.releaseServer();
        }
        for (AutoCloseable one : open) {
            one.close();
        }
        for (Server server : pool.servers()) {
            assertEquals(0, server.connections(), "slots leaked on " + server);
        }
        assertEquals(0, driven.loop().timers().size(), "timers leaked");
        driven.close();
        assertEquals(0, buffers.inUse(), "buffers leaked");
    }

    @Test
    void beginsTlsWhenTheServerAgrees() throws Exception {
        ServerSocket listening = listen();
        start(0);
        Socket asked = asked(listening);
        asked.getOutputStream().write('S');
        assertSpeaksTls(asked);
    }

    @Test
    void sendsTheProxyProtocolHeaderBeforeItAsks() throws Exception {
        settings.sendProxyProtocol(ProxyProtocolVersion.V2);
        ServerSocket listening = listen();
        start(0);
        Socket accepted = accepted(listening);
        ByteBuffer expected = ByteBuffer.allocate(ProxyProtocol.MOST_SENT_BYTES);
        ProxyProtocol.encode(ProxyProtocolVersion.V2, CLIENT, LISTENER, expected);
        byte[] first = new byte[expected.put(REQUEST).flip().remaining()];
        expected.get(first);
        assertArrayEquals(first, inBackground(() -> accepted.getInputStream().readNBytes(first.length)));
        accepted.getOutputStream().write('S');
        assertSpeaksTls(accepted);
    }

    @Test
    void triesAnotherServerWhenOneHasNoTls() throws Exception {
        ServerSocket without = listen();
        ServerSocket with = listen();
        start(1);
        Socket refusing = asked(without);
        refusing.getOutputStream().write('N');
        Socket asked = asked(with);
        assertReset(refusing);
        asked.getOutputStream().write('S');
        assertSpeaksTls(asked);
        assertEquals(1, attempts.retries());
        assertEquals(Map.of("server-without-tls", 1L), errors(0));
    }

    /** One that is put in behind an agreement would be taken for something that came encrypted (CVE-2021-23222). */
    @ParameterizedTest
    @ValueSource(strings = {"N", "SS", "S\u0015\u0003\u0003", "E", "ESFATAL", "\u0016\u0003\u0001", "s"})
    void refusesAnythingButTheOneByte(String answer) throws Exception {
        ServerSocket listening = listen();
        start(0);
        Socket asked = asked(listening);
        Loopback.send(asked, answer);
        driven.turnUntil(this::isOver);
        assertEquals(Termination.SERVER_REFUSED, failure);
        assertEquals(Map.of("server-without-tls", 1L), errors(0));
        assertReset(asked);
    }

    @Test
    void refusesAServerThatEndsTheConnectionInPlaceOfAnAnswer() throws Exception {
        ServerSocket listening = listen();
        start(0);
        asked(listening).close();
        driven.turnUntil(this::isOver);
        assertEquals(Termination.SERVER_REFUSED, failure);
        assertEquals(Map.of("server-refused", 1L), errors(0));
    }

    @Test
    void waitsForTheAnswerNoLongerThanForTheConnection() throws Exception {
        ServerSocket listening = listen();
        start(0);
        asked(listening);
        driven.pass(Duration.ofSeconds(5).minusNanos(1));
        assertNull(failure);
        driven.pass(Duration.ofNanos(1));
        assertEquals(Termination.SERVER_TIMEOUT_CONNECT, failure);
    }

    /** As in HAProxy, one deadline is for all that it takes to get a server. */
    @Test
    void waitsForTheHandshakeNoLongerThanForTheConnection() throws Exception {
        ServerSocket listening = listen();
        start(0);
        Socket asked = asked(listening);
        driven.pass(Duration.ofSeconds(4));
        asked.getOutputStream().write('S');
        assertNotNull(inBackground(() -> asked.getInputStream().read()), "no ClientHello");
        driven.pass(Duration.ofSeconds(1).minusNanos(1));
        assertNull(failure);
        driven.pass(Duration.ofNanos(1));
        assertEquals(Termination.SERVER_TIMEOUT_CONNECT, failure);
    }

    @Test
    void leavesAServerThatLosesItsRoleBeforeItAnswers() throws Exception {
        ServerSocket old = listen();
        ServerSocket promoted = listen();
        makePool();
        states.found(pool.servers().get(0), Role.PRIMARY, 1, "", states.nowNs());
        begin(0, Wanted.PRIMARY);
        Socket left = asked(old);
        states.found(pool.servers().get(1), Role.PRIMARY, 2, "", states.nowNs());
        attempts.reconsider();
        assertReset(left);
        Socket asked = asked(promoted);
        asked.getOutputStream().write('S');
        assertSpeaksTls(asked);
    }

    @Test
    void givesUpWithItsClient() throws Exception {
        ServerSocket listening = listen();
        start(0);
        Socket asked = asked(listening);
        attempts.cancel();
        assertReset(asked);
        assertFalse(isOver());
    }

    @Test
    void doesNotAskWhereTlsBeginsAtOnce() throws Exception {
        settings.tls(Negotiation.DIRECT);
        ServerSocket listening = listen();
        start(0);
        assertSpeaksTls(accepted(listening));
    }

    private ServerSocket listen() throws IOException {
        ServerSocket listening = Loopback.listen();
        open.add(listening);
        settings.server((InetSocketAddress) listening.getLocalSocketAddress());
        return listening;
    }

    private void start(int mostRetries) {
        makePool();
        begin(mostRetries, Wanted.ANY);
    }

    private void makePool() {
        pool = settings.pool();
        states = new ServerStates(pool, (work, delayNs) -> { }, driven.clock());
        PoolSettings.resolve(pool, states);
    }

    private void begin(int mostRetries, Wanted wanted) {
        TlsClient tls = new TlsClient(driven.loop(), servers(), buffers);
        attempts = new ConnectAttempts(driven.loop(), new WorkerStats(), new ConnectHandler() {
            @Override
            public void onServerConnected(Connection server) {
                assertFalse(isOver());
                connection = server;
            }

            @Override
            public void onServerFailed(Termination termination) {
                assertFalse(isOver());
                failure = termination;
            }
        });
        Connector connector = new Connector(driven.loop(), PoolPlan.of(pool, states, pool.config()), wanted, tls);
        attempts.prepare(connector, 0, CLIENT, LISTENER);
        attempts.start(mostRetries);
    }

    /** Their time limit is the pool's connect timeout, as in production. */
    private TlsEngines servers() {
        TlsEngines servers = TlsKeys.ec().clients(TlsKeys.Maker.BORINGSSL);
        return TlsKeys.engines(pool.config().timeouts().connect().toMillis(), () -> servers.newEngine(null));
    }

    private boolean isOver() {
        return connection != null || failure != null;
    }

    private Socket accepted(ServerSocket listening) throws Exception {
        Socket accepted = patient(inBackground(listening::accept));
        open.add(accepted);
        return accepted;
    }

    /** What blocks, while the loop goes on. */
    private <T> T inBackground(Callable<T> blocking) throws Exception {
        FutureTask<T> task = new FutureTask<>(blocking);
        Thread.ofPlatform().daemon().start(task);
        driven.turnUntil(task::isDone);
        return task.get();
    }

    /** A connection on which Sluice has asked for TLS. */
    private Socket asked(ServerSocket listening) throws Exception {
        Socket accepted = accepted(listening);
        assertArrayEquals(REQUEST, inBackground(() -> accepted.getInputStream().readNBytes(REQUEST.length)));
        return accepted;
    }

    /** A socket that is closed is seen to be so by its peer. */
    private void assertReset(Socket socket) {
        driven.turn();
        Loopback.assertReset(socket);
    }

    private void assertSpeaksTls(Socket plain) throws Exception {
        SSLSocket tls = (SSLSocket) TlsKeys.ec().context().getSocketFactory()
                .createSocket(plain, "127.0.0.1", plain.getPort(), true);
        tls.setUseClientMode(false);
        FutureTask<Integer> reading = new FutureTask<>(() -> tls.getInputStream().read());
        Thread.ofPlatform().daemon().start(reading);
        driven.turnUntil(this::isOver);
        assertNotNull(connection, () -> "failed: " + failure);
        assertTrue(connection.isSecure());
        connection.write(ByteBuffer.wrap(new byte[] {'!'}));
        assertEquals('!', reading.get(20, TimeUnit.SECONDS));
    }

    private Map<String, Long> errors(int server) {
        Map<String, Long> errors = new HashMap<>();
        pool.servers().get(server).traffic().of(driven.loop().index()).errors().addTo(errors);
        return errors;
    }
}
