package io.sluice.launcher.control;

import io.sluice.config.Endpoint;
import io.sluice.core.net.ListenSocket;
import io.sluice.core.worker.Worker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address that is listened on, by sockets of each worker. Generations pass it on, whatever the listener's name.
 * Immutable.
 *
 * @param backlog that the sockets have for good
 * @param sockets in the order of the workers
 * @param local   the address, with the port that the kernel has chosen where 0 was asked for
 */
record Binding(Endpoint endpoint, int backlog, List<ServerSocketChannel> sockets, InetSocketAddress local) {

    private static final Logger LOG = LoggerFactory.getLogger(Binding.class);

    /** @param others that there are already */
    static Binding open(Endpoint endpoint, int backlog, int workers, List<Binding> others) throws IOException {
        InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
        boolean overlaps = others.stream().anyMatch(other -> other.overlaps(address));
        List<ServerSocketChannel> sockets = overlaps ? ListenSocket.bindBeside(address, backlog, workers)
                : ListenSocket.bind(address, backlog, workers);
        InetSocketAddress local = (InetSocketAddress) sockets.getFirst().getLocalAddress();
        return new Binding(endpoint, backlog, List.copyOf(sockets), local);
    }

    /**
     * An address that another process has listened on until now. If it had fewer sockets there than this one has
     * workers, others are added; if it had more, workers have several.
     */
    static Binding of(ListeningSockets passed, int workers) throws IOException {
        List<ServerSocketChannel> sockets = new ArrayList<>(passed.sockets());
        if (sockets.size() < workers) {
            sockets.addAll(ListenSocket.bindBeside(passed.address(), passed.backlog(), workers - sockets.size()));
        }
        InetSocketAddress local = passed.address();
        return new Binding(new Endpoint(local.getAddress().getHostAddress(), local.getPort()), passed.backlog(),
                List.copyOf(sockets), local);
    }

    /** What another process would need to go on here. */
    ListeningSockets toPass() {
        return new ListeningSockets(local, backlog, sockets);
    }

    /** Has each socket's worker do something. The sockets are dealt out in the order of the workers. */
    void forEach(List<Worker> workers, BiConsumer<Worker, ServerSocketChannel> action) {
        for (int i = 0; i < sockets.size(); i++) {
            action.accept(workers.get(i % workers.size()), sockets.get(i));
        }
    }

    /** Whether one of both addresses stands for all of the host's, the other one among them. */
    private boolean overlaps(InetSocketAddress address) {
        InetAddress own = local.getAddress();
        boolean sameFamily = own.getClass() == address.getAddress().getClass();
        return sameFamily && local.getPort() == address.getPort()
                && (own.isAnyLocalAddress() || address.getAddress().isAnyLocalAddress());
    }

    /** For one that no worker has been given. */
    void close() {
        for (ServerSocketChannel socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("a listening socket did not close cleanly", e);
            }
        }
    }
}
