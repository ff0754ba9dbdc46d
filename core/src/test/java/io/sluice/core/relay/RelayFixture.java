package io.sluice.core.relay;

import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.KernelOption;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TcpSocket;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One relay between two peers on the loopback interface. All but {@link #start} and the peers is safe anywhere. */
final class RelayFixture implements AutoCloseable {

    static final SilenceLimits LONG =
            new SilenceLimits(hours(1), hours(1), hours(1));

    final Socket client;
    final Socket server;
    final CompletableFuture<Termination> end = new CompletableFuture<>();
    private final TcpSocket clientSocket;
    private final TcpSocket serverSocket;
    private final Connection clientSide;
    private final Connection serverSide;
    private final Flow clientToServer;
    private final Flow serverToClient;
    private final Relay relay;
    private int told;

    /** On the loop's thread. */
    RelayFixture(EventLoop loop, Vessels vessels, SilenceLimits limits) throws IOException {
        Loopback.Pair clientPair = Loopback.pair();
        Loopback.Pair serverPair = Loopback.pair();
        client = clientPair.far();
        clientSocket = clientPair.near();
        server = serverPair.far();
        serverSocket = serverPair.near();
        KernelOption.SO_SNDBUF.set(clientPair.near(), 64 * 1024);
        KernelOption.SO_SNDBUF.set(serverPair.near(), 64 * 1024);
        ConnectionOwner readingAhead = new ReadingAhead();
        clientSide = new Connection(loop, clientPair.near(), readingAhead);
        serverSide = new Connection(loop, serverPair.near(), readingAhead);
        clientToServer = new Flow(vessels, clientSide);
        serverToClient = new Flow(vessels, serverSide);
        relay = new Relay(loop, clientToServer, serverToClient, limits, end::complete);
    }

    Flow clientToServer() {
        return clientToServer;
    }

    Flow serverToClient() {
        return serverToClient;
    }

    Relay relay() {
        return relay;
    }

    /** Starts the relay, and counts what it is told. */
    void start() {
        relay.start();
        ConnectionOwner counting = new ConnectionOwner() {
            @Override
            public void onReady(Connection connection, int readyOps) {
                told++;
                relay.onReady(connection, readyOps);
            }

            @Override
            public void onFailure(Connection connection, RuntimeException failure) {
                relay.onFailure(connection, failure);
            }
        };
        clientSide.owner(counting);
        serverSide.owner(counting);
    }

    /** How often a connection has told its owner of something. */
    int told() {
        return told;
    }

    /** Segments that the client was sent. */
    int segmentsToClient() {
        return KernelOption.segmentsSent(clientSocket);
    }

    /** Whether the kernel probes the server. */
    boolean keepsServerAlive() throws Throwable {
        return KernelOption.SO_KEEPALIVE.get(serverSocket) == 1 && KernelOption.TCP_KEEPIDLE.get(serverSocket) == 60
                && KernelOption.TCP_KEEPINTVL.get(serverSocket) == 10
                && KernelOption.TCP_KEEPCNT.get(serverSocket) == 5;
    }

    /** Whether the server's end has come. */
    boolean isServersEndHere() {
        return KernelOption.isEndedByPeer(serverSocket);
    }

    /** Writes to the server until its socket takes no more; returns how many bytes it took. */
    int fillServer() {
        ByteBuffer filling = ByteBuffer.allocateDirect(64 * 1024);
        int written = 0;
        for (int count = serverSide.write(filling); count > 0; count = serverSide.write(filling.clear())) {
            written += count;
        }
        return written;
    }

    /** Whether the server's socket would take a buffer's bytes; on the loop's thread. */
    boolean serverHasRoom() {
        return serverSide.hasRoom();
    }

    /** Waits for the relay's end; its loop runs on another thread. */
    Termination awaitEnd() throws Exception {
        return end.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }

    static long hours(int count) {
        return Duration.ofHours(count).toNanos();
    }

    /** As a session does before it has a server. */
    private final class ReadingAhead implements ConnectionOwner {

        @Override
        public void onReady(Connection connection, int readyOps) {
            told++;
            if (clientToServer.onReadable() == Flow.Outcome.SOURCE_ABORTED) {
                clientToServer.close();
                clientSide.abort();
                serverSide.abort();
                end.complete(Termination.CLIENT_ABORT_CONNECT);
            }
        }

        @Override
        public void onFailure(Connection connection, RuntimeException failure) {
            end.completeExceptionally(failure);
        }
    }
}
