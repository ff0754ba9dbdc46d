package io.sluice.bench.origin;

import io.sluice.core.net.ListenSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A running dummy server: event loops, each with a listening socket on the same address. Safe from any thread. */
public final class Origin implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final List<OriginThread> originThreads = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final InetSocketAddress address;

    private Origin(InetSocketAddress bind, Service service, int count) throws IOException {
        List<ServerSocketChannel> sockets = ListenSocket.bind(bind, BACKLOG, count);
        address = (InetSocketAddress) sockets.getFirst().getLocalAddress();
        for (ServerSocketChannel socket : sockets) {
            OriginThread thread = new OriginThread(service);
            thread.loop().mailbox().post(() -> thread.accept(socket));
            originThreads.add(thread);
            threads.add(Thread.ofPlatform().name("origin-" + threads.size()).start(thread.loop()));
        }
    }

    /**
     * Starts an origin and returns when it listens.
     *
     * @param count the number of threads
     * @throws IOException if the address cannot be bound
     */
    public static Origin start(InetSocketAddress bind, Service service, int count) throws IOException {
        return new Origin(bind, service, count);
    }

    /** The address that it listens on, with the port that the kernel has chosen for port 0. */
    public InetSocketAddress address() {
        return address;
    }

    /** Ends at once and closes all connections. */
    @Override
    public void close() {
        originThreads.forEach(thread -> thread.loop().stop());
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
