package io.sluice.core.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.LoopThread;
import io.sluice.core.net.Connection;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TlsBuffers;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** A relay between a client that speaks TLS and a server that does not, with either engine and each version. */
@ParameterizedClass
@CsvSource({"CONSCRYPT,TLSv1.3", "CONSCRYPT,TLSv1.2", "JDK,TLSv1.3", "JDK,TLSv1.2"})
class TlsRelayTest {

    private static final int LARGE_BYTES = 100_000_000;

    private final LoopThread thread = new LoopThread();
    private final TlsKeys.Maker maker;
    private final String version;
    private final Vessels vessels = new Vessels(new BufferPool(thread.loop(), 32 * 1024, 64),
            new PipePool(thread.loop(), 8), new WorkerStats());
    private final CompletableFuture<Termination> end = new CompletableFuture<>();
    private final CompletableFuture<TlsHandler.Failure> failure = new CompletableFuture<>();
    private Socket server;
    private SSLSocket client;
    private Socket rawClient;
    private Connection clientSide;

    TlsRelayTest(TlsKeys.Maker maker, String version) {
        this.maker = maker;
        this.version = version;
    }

    @AfterEach
    void closeAll() throws Exception {
        rawClient.close();
        server.close();
        int inUse = thread.call(() -> vessels.buffers().inUse());
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
        assertEquals(0, thread.call(() -> vessels.buffers().inUse()), "buffers in use");
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
    void takesAnEndWithoutCloseNotifyForATruncation() throws Exception {
        start();
        Loopback.send(client, "question");
        assertEquals("question", Loopback.receive(server, 8));
        rawClient.shutdownOutput();
        Loopback.assertReset(server);
        assertEquals(Termination.CLIENT_ABORT_DATA, end.get(20, TimeUnit.SECONDS));
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

    @Test
    void refusesAClientThatSpeaksSomethingElse() throws Exception {
        start();
        Loopback.send(rawClient, "GET / HTTP/1.1\r\n\r\n");
        assertEquals(TlsHandler.Failure.NOT_TLS, failure.get(20, TimeUnit.SECONDS));
    }

    @Test
    void refusesGarbageThatLooksLikeTls() throws Exception {
        start();
        rawClient.getOutputStream().write(new byte[] {22, 3, 1, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertEquals(TlsHandler.Failure.REFUSED, failure.get(20, TimeUnit.SECONDS));
    }

    @Test
    void refusesAVersionThatIsNotEnabled() throws Exception {
        start();
        client.setEnabledProtocols(new String[] {version.equals("TLSv1.3") ? "TLSv1.2" : "TLSv1.3"});
        assertThrows(IOException.class, client::startHandshake);
        assertEquals(TlsHandler.Failure.REFUSED, failure.get(20, TimeUnit.SECONDS));
    }

    private static void assertPasses(Socket from, Socket to) throws Exception {
        FutureTask<Long> sending = new FutureTask<>(() -> Crc.sendOn(from, LARGE_BYTES, 7));
        Thread.ofVirtual().start(sending);
        assertEquals(Crc.receive(to, LARGE_BYTES).value(), sending.get(20, TimeUnit.SECONDS));
    }

    private void start() throws Exception {
        Loopback.Pair clientPair = Loopback.pair();
        Loopback.Pair serverPair = Loopback.pair();
        server = serverPair.far();
        rawClient = clientPair.far();
        client = (SSLSocket) TlsKeys.ec().context(TlsKeys.Maker.JDK).getSocketFactory()
                .createSocket(rawClient, "127.0.0.1", 1, true);
        client.setUseClientMode(true);
        thread.run(() -> {
            clientSide = new Connection(thread.loop(), clientPair.near(), null);
            Connection serverSide = new Connection(thread.loop(), serverPair.near(), null);
            TlsBuffers buffers = new TlsBuffers(vessels.buffers());
            new TlsHandshake(thread.loop(), clientSide,
                    TlsKeys.ec().servers(maker, engine -> engine.setEnabledProtocols(new String[] {version})), buffers,
                    new TlsHandler() {
                        @Override
                        public void onTlsEstablished() {
                            new Relay(thread.loop(), clientSide, serverSide, new Flow(vessels, clientSide),
                                    new Flow(vessels, serverSide), RelayFixture.LONG, end::complete).start();
                        }

                        @Override
                        public void onTlsFailed(Failure cause, String reason) {
                            clientSide.abort();
                            serverSide.abort();
                            failure.complete(cause);
                        }
                    }).accept(null);
        });
    }
}
