package io.sluice.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.Endpoint;
import io.sluice.core.loop.HandDriven;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections of TLS and their handshakes, on a loop that is turned by hand. */
class TlsTransportTest {

    private static final int LARGE_BYTES = 16 * 1024 * 1024;

    private HandDriven driven = new HandDriven();
    private TlsBuffers buffers = new TlsBuffers(driven.loop());
    private final AtomicInteger engines = new AtomicInteger();
    private final TlsEngines server = counted(TlsKeys.ec().servers(TlsKeys.Maker.BORINGSSL));
    private final List<AutoCloseable> open = new ArrayList<>();
    private int established;
    private TlsFailure failure;
    private String reason;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        driven.close();
        assertEquals(0, buffers.inUse(), "buffers leaked");
    }

    @Test
    void makesNoEngineForWhoSaysNothingAndGivesUpInTime() throws Exception {
        accept(Loopback.pair());
        driven.pass(Duration.ofMillis(9_999));
        assertEquals(null, failure);
        driven.pass(Duration.ofMillis(1));
        assertEquals(TlsFailure.LATE, failure);
        assertEquals(0, engines.get());
    }

    @Test
    void keepsNoTimeForBytesThatTrickle() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        accept(pair);
        byte[] hello = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3};
        for (byte octet : hello) {
            pair.far().getOutputStream().write(octet);
            driven.pass(Duration.ofMillis(500));
        }
        driven.turnUntil(() -> buffers.inUse() == 1);
        driven.pass(Duration.ofMillis(4_500));
        assertEquals(TlsFailure.LATE, failure);
    }

    @Test
    void tellsNobodyOfAHandshakeThatHasYetToComeWhole() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        Connection connection = accept(pair);
        pair.far().getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3});
        driven.turnUntil(() -> buffers.inUse() == 1);
        connection.owner(new ConnectionOwner() {
            @Override
            public void onReady(Connection ready, int readyOps) {
                throw new AssertionError("the loop would never sleep");
            }

            @Override
            public void onFailure(Connection failed, RuntimeException cause) {
                throw cause;
            }
        });
        connection.wantRead(false);
        connection.wantRead(true);
        driven.turn();
        driven.turn();
        connection.abort();
    }

    @Test
    void closesOnlyWhenThePeerHasTakenAllThatWasWritten() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        Connection connection = accept(pair);
        SSLSocket client = shakenHands(pair);
        int written = writeUntilFull(connection);
        assertEquals(0, buffers.closing());
        connection.close();
        assertTrue(connection.isClosed());
        assertTrue(pair.near().isOpen(), "with bytes left");
        assertEquals(1, buffers.closing());
        readToTheEnd(client, written);
        driven.turnUntil(() -> !pair.near().isOpen());
        assertEquals(0, buffers.closing());
    }

    @Test
    void resetsAPeerThatNeverTakesWhatWasWrittenBeforeTheClose() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        Connection connection = accept(pair);
        SSLSocket client = shakenHands(pair);
        writeUntilFull(connection);
        connection.close();
        driven.pass(Duration.ofSeconds(29));
        assertTrue(pair.near().isOpen());
        driven.pass(Duration.ofSeconds(1));
        assertFalse(pair.near().isOpen());
        assertEquals(0, buffers.closing());
    }

    /** The kernel holds megabytes for it, in front of the last ones. */
    @Test
    void waitsForAPeerThatTakesLittleByLittleWhatWasWrittenBeforeTheClose() throws Exception {
        keepKernelTime();
        Loopback.Pair pair = Loopback.pair();
        Connection connection = accept(pair);
        SSLSocket client = shakenHands(pair);
        int written = writeUntilFull(connection);
        connection.close();
        driven.pass(Duration.ofSeconds(30));
        readToTheEnd(client, written);
        driven.turnUntil(() -> !pair.near().isOpen());
    }

    private void readToTheEnd(SSLSocket client, int bytes) throws Exception {
        FutureTask<Void> reading =
                inBackground(() -> assertEquals(bytes, client.getInputStream().readAllBytes().length));
        driven.turnUntil(reading::isDone);
        reading.get();
    }

    private void keepKernelTime() {
        driven.close();
        driven = new HandDriven(true);
        buffers = new TlsBuffers(driven.loop());
    }

    /** RFC 8446, section 6.2. */
    @Test
    void tellsAPeerWhatIsWrongWithItsRecord() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        Connection connection = accept(pair);
        SSLSocket client = shakenHands(pair);
        byte[] forged = new byte[5 + 32];
        System.arraycopy(new byte[] {23, 3, 3, 0, 32}, 0, forged, 0, 5);
        pair.far().getOutputStream().write(forged);
        ByteBuffer received = ByteBuffer.allocateDirect(TlsBuffers.RECORD_BYTES);
        driven.turnUntil(() -> connection.read(received) == Connection.ABORTED);
        connection.abort();
        SSLException told = assertThrows(SSLException.class, () -> client.getInputStream().read());
        assertTrue(told.getMessage().contains("bad_record_mac"), told.getMessage());
    }

    /** RFC 8446, section 4.6.3: the JDK's client asks for new keys of both directions. */
    @Test
    void goesOnWithNewKeys() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        Connection connection = accept(pair);
        SSLSocket client = shakenHands(pair);
        client.startHandshake();
        client.getOutputStream().write(new byte[10]);
        ByteBuffer received = ByteBuffer.allocateDirect(100);
        driven.turnUntil(() -> connection.read(received) == 10);
        for (int i = 0; i < 2; i++) {
            assertEquals(10, connection.write(received.flip()));
            assertEquals(10, client.getInputStream().readNBytes(10).length);
        }
        connection.abort();
    }

    /** RFC 8446, section 5.2. It is refused by its first bytes, and whoever makes the engine. */
    @ParameterizedTest
    @EnumSource
    void refusesAHandshakeWhoseRecordIsLargerThanAnyMayBe(TlsKeys.Maker maker) throws Exception {
        Loopback.Pair pair = Loopback.pair();
        accept(pair, counted(TlsKeys.ec().servers(maker)));
        pair.far().getOutputStream().write(tooLarge((byte) 22));
        driven.turnUntil(() -> failure != null);
    }

    @ParameterizedTest
    @EnumSource
    void breaksOffAtARecordThatIsLargerThanAnyMayBe(TlsKeys.Maker maker) throws Exception {
        Loopback.Pair pair = Loopback.pair();
        Connection connection = accept(pair, counted(TlsKeys.ec().servers(maker)));
        shakenHands(pair);
        pair.far().getOutputStream().write(tooLarge((byte) 23));
        ByteBuffer small = ByteBuffer.allocateDirect(4096);
        driven.turnUntil(() -> connection.read(small.clear()) == Connection.ABORTED);
        connection.abort();
    }

    /** As much of it as there is ever room for. */
    private static byte[] tooLarge(byte type) {
        byte[] record = new byte[TlsBuffers.RECORD_BYTES];
        System.arraycopy(new byte[] {type, 3, 3, 0x48, 0}, 0, record, 0, 5);
        return record;
    }

    /** Nobody is left to whom anything could be told, so that there is nothing to wait for. */
    @Test
    void closesAtOnceWhatABrokenWriteHasLeft() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        Connection connection = accept(pair);
        shakenHands(pair);
        pair.far().setSoLinger(true, 0);
        pair.far().close();
        ByteBuffer bytes = ByteBuffer.allocateDirect(1);
        driven.turnUntil(() -> connection.write(bytes.clear()) == Connection.ABORTED);
        connection.close();
        assertFalse(pair.near().isOpen());
    }

    /** Both records are there at once, and nothing more comes that would have them looked at. */
    @Test
    void readsARecordBehindOneThatHadTooLittleRoom() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        Connection connection = accept(pair);
        SSLSocket client = shakenHands(pair);
        client.getOutputStream().write(new byte[5000]);
        client.getOutputStream().write(new byte[10]);
        AtomicInteger received = new AtomicInteger();
        ByteBuffer small = ByteBuffer.allocateDirect(4096);
        driven.turnUntil(() -> received.addAndGet(connection.read(small.clear())) == 5010);
        connection.abort();
    }

    @Test
    void lets40ClientsThatComeAtOnceInByAndBy() throws Exception {
        List<FutureTask<Void>> handshakes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Loopback.Pair pair = Loopback.pair();
            accept(pair);
            SSLSocket client = client(pair);
            handshakes.add(inBackground(client::startHandshake));
        }
        driven.turnUntil(() -> established == 40);
        for (FutureTask<Void> handshake : handshakes) {
            handshake.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void waitsForItsMomentAlsoWithWhatOthersHaveRead() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        FutureTask<Void> handshake = inBackground(client(pair)::startHandshake);
        Connection connection = new Connection(driven.loop(), pair.near(), null);
        handshake(connection, new Paced(Duration.ofSeconds(5))).accept(read(connection, pair));
        driven.pass(Duration.ofMillis(4_999));
        assertEquals(0, engines.get());
        driven.pass(Duration.ofMillis(1));
        driven.turnUntil(() -> established == 1);
        handshake.get(20, TimeUnit.SECONDS);
    }

    @Test
    void forgetsWhatOthersHaveReadWhenItsMomentComesTooLate() throws Exception {
        Loopback.Pair pair = Loopback.pair();
        inBackground(client(pair)::startHandshake);
        Connection connection = new Connection(driven.loop(), pair.near(), null);
        handshake(connection, new Paced(Duration.ofSeconds(11))).accept(read(connection, pair));
        driven.pass(Duration.ofSeconds(10));
        assertEquals(TlsFailure.LATE, failure);
    }

    /** Has everyone wait. */
    private final class Paced implements TlsEngines {

        private final Duration delay;

        Paced(Duration delay) {
            this.delay = delay;
        }

        @Override
        public SSLEngine newEngine(Endpoint peer) {
            return server.newEngine(peer);
        }

        @Override
        public long handshakeDelayNs(long nowNs) {
            return delay.toNanos();
        }

        @Override
        public long handshakeTimeoutNs() {
            return server.handshakeTimeoutNs();
        }
    }

    private ByteBuffer read(Connection connection, Loopback.Pair pair) {
        open.add(pair.far());
        open.add(pair.near());
        ByteBuffer received = ByteBuffer.allocateDirect(TlsBuffers.RECORD_BYTES);
        driven.turnUntil(() -> connection.read(received) > 0);
        return received.flip();
    }

    private int writeUntilFull(Connection connection) {
        int written = 0;
        ByteBuffer bytes = ByteBuffer.allocateDirect(LARGE_BYTES);
        for (int count = connection.write(bytes); count > 0; count = connection.write(bytes)) {
            written += count;
        }
        assertTrue(buffers.inUse() > 0, "the socket took all");
        return written;
    }

    /** The JDK repeats the name that it refuses, whatever bytes are in it. */
    @Test
    void tellsInOneLineWhatAClientWantsToBeLogged() throws Exception {
        SSLEngine client = TlsKeys.ec().context().createSSLEngine();
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("forged-line")));
        client.setSSLParameters(parameters);
        ByteBuffer hello = ByteBuffer.allocate(32 * 1024);
        client.wrap(ByteBuffer.allocate(0), hello);
        String sent = new String(hello.array(), 0, hello.position(), ISO_8859_1).replace("forged-", "forged\n");
        Loopback.Pair pair = Loopback.pair();
        accept(pair, counted(TlsKeys.ec().servers(TlsKeys.Maker.JDK)));
        pair.far().getOutputStream().write(sent.getBytes(ISO_8859_1));
        driven.turnUntil(() -> failure != null);
        assertEquals(TlsFailure.MALFORMED, failure);
        assertTrue(reason.contains("forged line"), reason);
    }

    /** As OpenSSL's clients refuse a certificate in TLS 1.3, and as some go away. */
    @ParameterizedTest
    @EnumSource
    void understandsWhatAClientSaysInPlainTextAfterTheServersFlight(TlsKeys.Maker maker) throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            byte[] unknownCa = {21, 3, 3, 0, 2, 2, 48};
            assertEquals(TlsFailure.ALERT, failureAfterFlight(maker, version, unknownCa), version + reason);
            byte[] closeNotify = {21, 3, 3, 0, 2, 1, 0};
            assertEquals(TlsFailure.GONE, failureAfterFlight(maker, version, closeNotify), version + reason);
            byte[] userCanceled = {21, 3, 3, 0, 2, 2, 90};
            assertEquals(TlsFailure.GONE, failureAfterFlight(maker, version, userCanceled), version + reason);
        }
    }

    private TlsFailure failureAfterFlight(TlsKeys.Maker maker, String version, byte[] alert) throws Exception {
        SSLEngine client = TlsKeys.ec().clients(TlsKeys.Maker.JDK, version).newEngine(null);
        ByteBuffer hello = ByteBuffer.allocate(32 * 1024);
        client.wrap(ByteBuffer.allocate(0), hello);
        Loopback.Pair pair = Loopback.pair();
        accept(pair, TlsKeys.ec().servers(maker, version));
        pair.far().getOutputStream().write(hello.array(), 0, hello.position());
        FutureTask<Void> flight = inBackground(() -> assertEquals(22, pair.far().getInputStream().read()));
        driven.turnUntil(flight::isDone);
        flight.get();
        failure = null;
        pair.far().getOutputStream().write(alert);
        driven.turnUntil(() -> failure != null);
        return failure;
    }

    private Connection accept(Loopback.Pair pair) {
        return accept(pair, server);
    }

    private Connection accept(Loopback.Pair pair, TlsEngines whose) {
        open.add(pair.far());
        open.add(pair.near());
        Connection connection = new Connection(driven.loop(), pair.near(), null);
        handshake(connection, whose).accept(null);
        return connection;
    }

    private TlsHandshake handshake(Connection connection, TlsEngines whose) {
        return new TlsHandshake(driven.loop(), connection, whose, buffers, new TlsHandler() {
            @Override
            public void onTlsEstablished() {
                established++;
            }

            @Override
            public void onTlsFailed(TlsFailure cause, String words) {
                failure = cause;
                reason = words;
                connection.abort();
            }
        });
    }

    private SSLSocket shakenHands(Loopback.Pair pair) throws Exception {
        SSLSocket client = client(pair);
        FutureTask<Void> handshake = inBackground(client::startHandshake);
        driven.turnUntil(() -> established == 1);
        handshake.get(20, TimeUnit.SECONDS);
        return client;
    }

    private static SSLSocket client(Loopback.Pair pair) throws Exception {
        return (SSLSocket) TlsKeys.ec().context().getSocketFactory()
                .createSocket(pair.far(), "127.0.0.1", 1, true);
    }

    private TlsEngines counted(TlsEngines made) {
        return TlsKeys.engines(10_000, () -> {
            engines.incrementAndGet();
            return made.newEngine(null);
        });
    }

    private static FutureTask<Void> inBackground(Action action) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            action.run();
            return null;
        });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private interface Action {
        void run() throws Exception;
    }
}
