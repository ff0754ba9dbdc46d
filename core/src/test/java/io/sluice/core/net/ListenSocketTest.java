package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenSocketTest {

    private final List<ServerSocketChannel> sockets = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (ServerSocketChannel socket : sockets) {
            socket.close();
        }
    }

    @Test
    void givesEachWorkerASocketOnThePortThatTheKernelChose() throws IOException {
        bind(0, 3);
        int port = port(sockets.getFirst());
        assertNotEquals(0, port);
        assertEquals(3, sockets.size());
        for (ServerSocketChannel socket : sockets) {
            assertEquals(port, port(socket));
            assertFalse(socket.isBlocking());
        }
    }

    @Test
    void spreadsConnectionsOverTheSockets() throws IOException {
        bind(0, 2);
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            clients.add(Loopback.connect((InetSocketAddress) sockets.getFirst().getLocalAddress()));
        }
        int first = acceptAll(sockets.get(0));
        int second = acceptAll(sockets.get(1));
        assertEquals(64, first + second);
        assertTrue(first > 0 && second > 0, first + " and " + second);
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void refusesAnAddressOnWhichAnotherProcessListensWithTheSameOption() throws IOException {
        bind(0, 1);
        assertThrows(BindException.class, () -> bind(port(sockets.getFirst()), 1));
    }

    @Test
    void refusesAnAddressThatIsInUse() throws IOException {
        try (ServerSocket taken = Loopback.listen()) {
            assertThrows(BindException.class, () -> bind(taken.getLocalPort(), 2));
        }
    }

    @Test
    void hasAcceptedSocketsInheritTheirOptions() throws IOException {
        bind(0, 1);
        try (Socket client = Loopback.connect((InetSocketAddress) sockets.getFirst().getLocalAddress());
                SocketChannel accepted = sockets.getFirst().accept()) {
            assertTrue(client.isConnected());
            assertTrue(accepted.getOption(StandardSocketOptions.TCP_NODELAY));
            assertTrue(accepted.getOption(StandardSocketOptions.SO_KEEPALIVE));
        }
    }

    @Test
    void listensOnTheAddressesOfOneFamilyOnly() throws IOException {
        assumeTrue(Loopback.hasIpv6());
        bind("0.0.0.0", 0, 2);
        int port = port(sockets.getFirst());
        assertThrows(ConnectException.class, () -> new Socket("::1", port).close());
        bind("::", port, 2);
        try (Socket overIpv4 = new Socket("127.0.0.1", port); Socket overIpv6 = new Socket("::1", port)) {
            assertEquals(1, acceptAll(sockets.get(0)) + acceptAll(sockets.get(1)), overIpv4.toString());
            assertEquals(1, acceptAll(sockets.get(2)) + acceptAll(sockets.get(3)), overIpv6.toString());
        }
    }

    @Test
    void listensBesideAnAddressOfItsOwnThatOverlaps() throws IOException {
        // In this order, as the kernel chooses a port that is free on every address.
        bind("0.0.0.0", 0, 1);
        int port = port(sockets.getFirst());
        assertThrows(BindException.class, () -> bind(port, 1));
        sockets.addAll(ListenSocket.bindBeside(new InetSocketAddress(Loopback.ADDRESS, port), 128, 1));
        try (Socket specific = new Socket("127.0.0.1", port); Socket other = new Socket("127.0.0.2", port)) {
            assertEquals(1, acceptAll(sockets.get(1)), specific.toString());
            assertEquals(1, acceptAll(sockets.get(0)), other.toString());
        }
    }

    private void bind(String host, int port, int workers) throws IOException {
        sockets.addAll(ListenSocket.bind(new InetSocketAddress(InetAddress.ofLiteral(host), port), 128, workers));
    }

    private void bind(int port, int workers) throws IOException {
        bind(Loopback.ADDRESS.getHostAddress(), port, workers);
    }

    private static int port(ServerSocketChannel socket) throws IOException {
        return ((InetSocketAddress) socket.getLocalAddress()).getPort();
    }

    private static int acceptAll(ServerSocketChannel socket) throws IOException {
        int count = 0;
        for (SocketChannel client = socket.accept(); client != null; client = socket.accept()) {
            client.close();
            count++;
        }
        return count;
    }
}
