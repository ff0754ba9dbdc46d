package io.sluice.core.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.LoopThread;
import io.sluice.core.net.Connection;
import io.sluice.core.net.Dribbling;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TlsBuffers;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.net.TlsFailure;
import io.sluice.core.net.TlsHandler;
import io.sluice.core.net.TlsHandshake;
import io.sluice.core.net.TlsKeys;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A relay between a client that speaks TLS and a server that does not, or does, too: with either engine, each version,
 * and buffers of the usual size or too small for a record and too few.
 */
@Timeout(60)
@ParameterizedClass
@CsvSource({"BORINGSSL,TLSv1.3,32768,64", "BORINGSSL,TLSv1.2,32768,64", "JDK,TLSv1.3,32768,64", "JDK,TLSv1.2,32768,64",
        "BORINGSSL,TLSv1.3,4096,2", "JDK,TLSv1.3,4096,2"})
class TlsRelayTest {

    private static final int LARGE_BYTES = 100_000_000;

    private final LoopThread thread = new LoopThread();
    private final TlsKeys.Maker maker;
    private final String version;
    private final Vessels vessels;
    private final TlsBuffers tlsBuffers = new TlsBuffers(thread.loop());
    private final CompletableFuture<Termination> end = new CompletableFuture<>();
    private final CompletableFuture<TlsFailure> failure = new CompletableFuture<>();
    private Socket server;
    private SSLSocket client;
    private Socket rawClient;
    private Socket rawServer;
    private Connection clientSide;
    private Connection serverSide;
    private Dribbling dribbling;

    TlsRelayTest(TlsKeys.Maker maker, String version, int bufferBytes, int mostBuffers) {
        vessels = new Vessels(new BufferPool(thread.loop(), bufferBytes, mostBuffers), new PipePool(thread.loop(), 8),
                new WorkerStats());
        this.maker = maker;
        this.version = version;
    }

    @AfterEach
    void closeAll() throws Exception {
        rawClient.close();
        rawServer.close();
        int inUse = thread.call(this::inUse);
        thread.run(vessels.pipes()::close);
        thread.close();
        assertEquals(0, inUse, "buffers leaked");
    }

    @Test
    void passesASmallMessageBothWaysAndHoldsNoBufferWhileIdle() throws Exception {
        start();
        client.startHandshake();
        for (int i = 0; i < 100; i++) {
            Loopback.send(client, "question");
            assertEquals("question", Loopback.receive(server, 8));
            Loopback.send(server, "answer");
            assertEquals("answer", Loopback.receive(client, 6));
        }
        assertEquals(0, thread.call(this::inUse), "buffers in use");
        client.shutdownOutput();
        Loopback.assertEnd(server);
        server.close();
        assertEquals(Termination.NORMAL, end.get(20, TimeUnit.SECONDS));
    }

    @Test
    void passesALargeStreamUp() throws Exception {
        start();
        client.startHandshake();
        assertPasses(client, server);
        assertEquals(version, thread.call(() -> clientSide.tlsSession().getProtocol()));
    }

    @Test
    void passesALargeStreamDown() throws Exception {
        start();
        client.startHandshake();
        assertPasses(server, client);
    }

    @Test
    void passesLargeStreamsBothWaysAtOnceToAServerOfTls() throws Exception {
        startTo(true);
        client.startHandshake();
        FutureTask<Void> up = new FutureTask<>(() -> assertPasses(client, server), null);
        Thread.ofPlatform().start(up);
        assertPasses(server, client);
        up.get(20, TimeUnit.SECONDS);
    }

    @Test
    void takesRecordsThatComeByteByByte() throws Exception {
        start();
        dribbling.slow(true);
        client.startHandshake();
        Loopback.send(client, "question");
        assertEquals("question", Loopback.receive(server, 8));
    }

    @Test
    void refusesToNegotiateAgain() throws Exception {
        start();
        Assumptions.assumeTrue(version.equals("TLSv1.2"), "TLS 1.3 knows no such thing");
        client.startHandshake();
        Loopback.send(client, "question");
        assertEquals("question", Loopback.receive(server, 8));
        assertThrows(IOException.class, () -> {
            client.startHandshake();
            client.getInputStream().read();
        });
    }

    @Test
    void takesAnEndWithoutCloseNotifyForATruncation() throws Exception {
        start();
        Loopback.send(client, "question");
        assertEquals("question", Loopback.receive(server, 8));
        rawClient.shutdownOutput();
        Loopback.assertReset(server);
        assertEquals(Termination.CLIENT_ABORT_DATA, end.get(20, TimeUnit.SECONDS));
    }

    /** Browsers end a WebSocket over TLS like that. */
    @Test
    void takesAnEndWithoutCloseNotifyAfterTheServersForOneInGoodOrder() throws Exception {
        start();
        client.startHandshake();
        server.shutdownOutput();
        rawClient.getInputStream().readAllBytes();
        rawClient.shutdownOutput();
        Loopback.assertReset(server);
        assertEquals(Termination.NORMAL, end.get(20, TimeUnit.SECONDS));
    }

    @Test
    void passesTheServersEndOnAndThenTheClientsBytes() throws Exception {
        start();
        client.startHandshake();
        Loopback.send(server, "goodbye");
        server.shutdownOutput();
        assertEquals("goodbye", Loopback.receive(client, 7));
        Loopback.assertEnd(client);
        if (version.equals("TLSv1.3")) {
            Loopback.send(client, "more");
            assertEquals("more", Loopback.receive(server, 4));
        }
        client.shutdownOutput();
        Loopback.assertEnd(server);
    }

    /** RFC 8446, section 6.1: close_notify ends one direction, which before TLS 1.3 ended both. */
    @Test
    void passesTheClientsEndOnAndThenTheServersBytes() throws Exception {
        start();
        Assumptions.assumeTrue(version.equals("TLSv1.3"), "what was before knows no half of a connection");
        client.startHandshake();
        Loopback.send(client, "question");
        client.shutdownOutput();
        assertEquals("question", Loopback.receive(server, 8));
        Loopback.assertEnd(server);
        Loopback.send(server, "answer");
        assertEquals("answer", Loopback.receive(client, 6));
        server.close();
        Loopback.assertEnd(client);
        assertEquals(Termination.NORMAL, end.get(20, TimeUnit.SECONDS));
    }

    @Test
    void refusesAClientThatSpeaksSomethingElse() throws Exception {
        start();
        Loopback.send(rawClient, "GET / HTTP/1.1\r\n\r\n");
        assertEquals(TlsFailure.NOT_TLS, failure.get(20, TimeUnit.SECONDS));
    }

    @Test
    void refusesGarbageThatLooksLikeTls() throws Exception {
        start();
        rawClient.getOutputStream().write(new byte[] {22, 3, 1, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertEquals(TlsFailure.MALFORMED, failure.get(20, TimeUnit.SECONDS));
    }

    @Test
    void refusesAVersionThatIsNotEnabled() throws Exception {
        start();
        client.setEnabledProtocols(new String[] {version.equals("TLSv1.3") ? "TLSv1.2" : "TLSv1.3"});
        assertThrows(IOException.class, client::startHandshake);
        assertEquals(TlsFailure.VERSION, failure.get(20, TimeUnit.SECONDS));
    }

    private static void assertPasses(Socket from, Socket to) {
        try {
            FutureTask<Long> sending = new FutureTask<>(() -> Crc.sendOn(from, LARGE_BYTES, 7));
            Thread.ofPlatform().start(sending);
            assertEquals(Crc.receive(to, LARGE_BYTES).value(), sending.get(20, TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private int inUse() {
        return vessels.buffers().inUse() + tlsBuffers.inUse();
    }

    private void start() throws Exception {
        startTo(false);
    }

    private void startTo(boolean secureServer) throws Exception {
        Loopback.Pair clientPair = Loopback.pair();
        Loopback.Pair serverPair = Loopback.pair();
        rawClient = clientPair.far();
        dribbling = new Dribbling(rawClient);
        client = layer(dribbling, true);
        rawServer = serverPair.far();
        server = secureServer ? layer(rawServer, false) : rawServer;
        thread.run(() -> {
            clientSide = new Connection(thread.loop(), clientPair.near(), null);
            serverSide = new Connection(thread.loop(), serverPair.near(), null);
            TlsHandler handler = new Handler(secureServer ? 2 : 1);
            handshake(clientSide, TlsKeys.ec().servers(maker, version), handler).accept(null);
            if (secureServer) {
                handshake(serverSide, TlsKeys.ec().clients(maker, version), handler).start(null, thread.loop().nowNs());
            }
        });
    }

    private TlsHandshake handshake(Connection connection, TlsEngines engines, TlsHandler handler) {
        return new TlsHandshake(thread.loop(), connection, engines, tlsBuffers, handler);
    }

    private static SSLSocket layer(Socket socket, boolean asClient) throws IOException {
        SSLSocket layered = (SSLSocket) TlsKeys.ec().context().getSocketFactory()
                .createSocket(socket, "127.0.0.1", 1, true);
        layered.setUseClientMode(asClient);
        return layered;
    }

    /** Begins the relay when all handshakes are done. */
    private final class Handler implements TlsHandler {

        private int missing;

        Handler(int handshakes) {
            missing = handshakes;
        }

        @Override
        public void onTlsEstablished() {
            if (--missing == 0) {
                new Relay(thread.loop(), new Flow(vessels, clientSide), new Flow(vessels, serverSide),
                        RelayFixture.LONG, end::complete).start();
            }
        }

        @Override
        public void onTlsFailed(TlsFailure cause, String reason) {
            clientSide.abort();
            serverSide.abort();
            failure.complete(cause);
        }
    }
}
