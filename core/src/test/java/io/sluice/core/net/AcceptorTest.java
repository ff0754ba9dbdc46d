package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.loop.HandDriven;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AcceptorTest {

    private final HandDriven driven = new HandDriven();
    private final ConnectionLimit process = new ConnectionLimit(null, 1000);
    private final ConnectionLimit limit = new ConnectionLimit(process, 2);
    private final List<TcpSocket> accepted = new ArrayList<>();
    private final AtomicInteger limitsReached = new AtomicInteger();
    private final List<Socket> clients = new ArrayList<>();
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private List<String> expectedFailures = List.of();

    @AfterEach
    void closeAll() throws IOException {
        for (Acceptor acceptor : acceptors) {
            acceptor.close();
        }
        for (TcpSocket socket : accepted) {
            socket.close();
        }
        for (Socket client : clients) {
            client.close();
        }
        driven.close();
        assertEquals(expectedFailures, failures);
    }

    @Test
    void passesOnNonBlockingSocketsAndCountsThem() throws IOException {
        connect(accepting(), 2);
        driven.turnUntil(() -> accepted.size() == 2);
        assertEquals(0, accepted.getFirst().receive(driven.loop().socketCalls(), ByteBuffer.allocateDirect(1)));
        assertEquals(2, limit.taken());
        assertEquals(2, process.taken());
    }

    @Test
    void countsNothingForAnEmptyQueue() throws IOException {
        connect(accepting(), 1);
        driven.turnUntil(() -> accepted.size() == 1);
        driven.turn();
        assertEquals(1, limit.taken());
    }

    @Test
    void leavesClientsBeyondTheLimitToTheKernelUntilThereIsRoom() throws IOException {
        connect(accepting(), 5);
        driven.turnUntil(() -> accepted.size() == 2);
        driven.turnForAWhile();
        assertEquals(2, accepted.size());
        assertEquals(1, limitsReached.get());
        limit.release();
        driven.turnUntil(() -> accepted.size() == 3);
        driven.turnForAWhile();
        assertEquals(3, accepted.size());
        limit.release();
        limit.release();
        driven.turnUntil(() -> accepted.size() == 5);
    }

    @Test
    void comesToRestAtTheLimitAlthoughOneListenerHasTwoSockets() throws IOException {
        connect(accepting(), 5);
        connect(accepting(), 5);
        driven.turnUntil(() -> accepted.size() == 2);
        driven.turnForAWhile();
        AtomicInteger vainTries = new AtomicInteger();
        // A try in vain takes a place of the process and gives it back, which resumes who waits for one.
        process.await(vainTries::incrementAndGet);
        vainTries.set(0);
        driven.turnForAWhile();
        assertEquals(0, vainTries.get(), "the acceptors keep each other awake");
        limit.release();
        driven.turnUntil(() -> accepted.size() == 3);
    }

    @Test
    void leavesWhoWaitsToWhoeverTakesItOver() throws IOException {
        connect(accepting(), 3);
        driven.turnUntil(() -> accepted.size() == 2);
        List<TcpSocket> elsewhere = new ArrayList<>();
        ConnectionLimit other = new ConnectionLimit(process, 5);
        acceptors.getFirst().handOver(other, handler(elsewhere));
        driven.turnUntil(() -> elsewhere.size() == 1);
        accepted.addAll(elsewhere);
        assertEquals(2, limit.taken());
        assertEquals(1, other.taken());
    }

    @Test
    void takesAllThatTheKernelHasWhenItCloses() throws IOException {
        InetSocketAddress address = accepting();
        connect(address, 2);
        acceptors.getFirst().close();
        assertEquals(2, accepted.size());
    }

    @Test
    void staysClosedWhenThereIsRoomAgain() throws IOException {
        connect(accepting(), 3);
        driven.turnUntil(() -> accepted.size() == 2);
        acceptors.getFirst().close();
        limit.release();
        driven.turnForAWhile();
        assertEquals(2, accepted.size());
    }

    @Test
    void asksForClientsAgainAfterAWhileIfTheLoopCannotWaitForThem() throws IOException {
        InetSocketAddress address = accepting();
        driven.turn();
        acceptors.getFirst().onFailure(new UncheckedIOException(new IOException("no memory")));
        expectedFailures = List.of("no memory");
        connect(address, 1);
        driven.turnForAWhile();
        assertEquals(0, accepted.size());
        driven.pass(Duration.ofSeconds(1));
        driven.turnUntil(() -> accepted.size() == 1);
    }

    private InetSocketAddress accepting() throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open();
        listening.configureBlocking(false);
        listening.bind(new InetSocketAddress(Loopback.ADDRESS, 0), 50);
        acceptors.add(new Acceptor(driven.loop(), listening, limit, handler(accepted)));
        return (InetSocketAddress) listening.getLocalAddress();
    }

    private AcceptHandler handler(List<TcpSocket> to) {
        return new AcceptHandler() {
            @Override
            public void onAccepted(TcpSocket socket) {
                to.add(socket);
            }

            @Override
            public void onLimit() {
                limitsReached.incrementAndGet();
            }

            @Override
            public void onAcceptFailed(String reason) {
                failures.add(reason);
            }
        };
    }

    private void connect(InetSocketAddress address, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(Loopback.connect(address));
        }
    }
}
