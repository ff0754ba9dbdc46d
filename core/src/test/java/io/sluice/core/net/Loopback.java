package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.function.Executable;

/** Sockets on the loopback interface, and what their peers see. */
public final class Loopback {

    public static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.1");

    private static final int PATIENCE_MS = 20_000;
    /** Sockets of {@link #refusing}, kept for as long as tests run. */
    private static final Collection<Socket> BOUND = new ConcurrentLinkedQueue<>();

    private Loopback() { }

    /**
     * A connection.
     *
     * @param near non-blocking, for what is tested
     * @param far  blocking, the peer
     */
    public record Pair(TcpSocket near, Socket far) { }

    /** Whether this host has the IPv6 address of the loopback interface, too. */
    public static boolean hasIpv6() throws IOException {
        try (ServerSocket _ = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return true;
        } catch (BindException | UnsupportedOperationException e) {
            return false;
        }
    }

    public static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, ADDRESS);
    }

    /** An address on which nobody listens but who is told to: a port that were free could become somebody else's. */
    public static InetSocketAddress refusing() throws IOException {
        Socket bound = new Socket();
        bound.setReuseAddress(true);
        bound.bind(new InetSocketAddress(ADDRESS, 0));
        BOUND.add(bound);
        return (InetSocketAddress) bound.getLocalSocketAddress();
    }

    /**
     * A listener that leaves clients without an answer: Linux drops what asks for a connection while the queue of those
     * not yet accepted is full.
     */
    public static BlackHole blackHole() throws IOException {
        ServerSocket listening = new ServerSocket(0, 1, ADDRESS);
        List<Socket> filling = new ArrayList<>();
        for (;;) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(listening.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException e) {
                return new BlackHole(listening, filling);
            }
        }
    }

    /** See {@link #blackHole}. */
    public record BlackHole(ServerSocket listening, List<Socket> filling) implements AutoCloseable {

        public InetSocketAddress address() {
            return (InetSocketAddress) listening.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : filling) {
                socket.close();
            }
            listening.close();
        }
    }

    public static Pair pair() throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(ADDRESS, 0));
            Socket far = connect((InetSocketAddress) listening.getLocalAddress());
            listening.configureBlocking(false);
            TcpSocket near = TcpSocket.accept(listening, null);
            KernelOption.TCP_NODELAY.set(near, 1);
            return new Pair(near, far);
        }
    }

    /** A client that waits for what it reads no longer than tests should. */
    public static Socket connect(InetSocketAddress address) throws IOException {
        return patient(new Socket(address.getAddress(), address.getPort()));
    }

    public static Socket patient(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    public static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static String receive(Socket socket, int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public static void assertEnd(Socket socket) throws IOException {
        assertEquals(-1, socket.getInputStream().read(), "the end of the stream");
    }

    public static void assertReset(Socket socket) {
        assertReset(() -> socket.getInputStream().read());
    }

    /** Whoever connects is reset, which a client that is not given the processor at once learns from connecting. */
    public static void assertResets(InetSocketAddress address) {
        assertReset(() -> {
            try (Socket client = connect(address)) {
                client.getInputStream().read();
            }
        });
    }

    private static void assertReset(Executable use) {
        SocketException e = assertThrows(SocketException.class, use);
        assertTrue(e.getMessage().startsWith("Connection reset"), e.getMessage());
    }
}
