package io.sluice.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of 127.0.0.1 to listen on, below those that the kernel gives to outgoing connections: the port of a server that
 * was killed stays free for its return, and no connection to it can meet itself. No port is given twice before all
 * others have been: one that is {@linkplain #free free} may not be in use yet. Safe from any thread.
 */
public final class LoopbackPorts {

    private static final int FIRST = 15_000;
    private static final int BEYOND = 32_000;
    private static final int ATTEMPTS = 1000;
    /** Begins anywhere, as several processes test at once. */
    private static final AtomicInteger NEXT = new AtomicInteger(ThreadLocalRandom.current().nextInt(BEYOND - FIRST));

    private LoopbackPorts() { }

    /** A listening socket on a port that was free. */
    static ServerSocket listen() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return listen(FIRST + Math.floorMod(NEXT.getAndIncrement(), BEYOND - FIRST));
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1024);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A port that is free now, for somebody else to listen on. */
    public static int free() throws IOException {
        try (ServerSocket socket = listen()) {
            return socket.getLocalPort();
        }
    }
}
