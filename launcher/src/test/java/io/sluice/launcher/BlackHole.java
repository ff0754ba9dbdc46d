package io.sluice.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A server that neither accepts nor refuses connections: once its queue is full, the kernel drops what else comes. */
final class BlackHole implements AutoCloseable {

    /** Enough for loopback, where whoever can connect does so at once. */
    private static final int HOPELESS_MS = 300;

    private final ServerSocket listening;
    private final List<Socket> fill = new ArrayList<>();

    private BlackHole() throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    }

    static BlackHole open() throws IOException {
        BlackHole hole = new BlackHole();
        for (;;) {
            Socket socket = new Socket();
            hole.fill.add(socket);
            try {
                socket.connect(new InetSocketAddress("127.0.0.1", hole.listening.getLocalPort()), HOPELESS_MS);
            } catch (SocketTimeoutException e) {
                return hole;
            }
        }
    }

    /** Itself as a server of a configuration, by the name of {@code black-hole}. */
    String entry() {
        return "{ name: black-hole, address: 127.0.0.1:" + listening.getLocalPort() + " }";
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : fill) {
            socket.close();
        }
        listening.close();
    }
}
