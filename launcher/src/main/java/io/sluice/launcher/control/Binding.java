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
 * An address and its listening sockets, usually one for each worker. A generation takes it over from the one before,
 * also for a listener of another name. Immutable.
 *
 * @param backlog the sockets' backlog, which lasts as long as they do
 * @param sockets in the order of the workers
 * @param local   the address, with the port that the kernel has chosen for port 0
 */
record Binding(Endpoint endpoint, int backlog, List<ServerSocketChannel> sockets, InetSocketAddress local) {

    private static final Logger LOG = LoggerFactory.getLogger(Binding.class);

    /** @param others the bindings that are open already: a wildcard address may overlap with a specific one */
    static Binding open(Endpoint endpoint, int backlog, int workers, List<Binding> others) throws IOException {
        InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
        boolean overlaps = others.stream().anyMatch(other -> other.overlaps(address));
        List<ServerSocketChannel> sockets = overlaps ? ListenSocket.bindBeside(address, backlog, workers)
                : ListenSocket.bind(address, backlog, workers);
        InetSocketAddress local = (InetSocketAddress) sockets.getFirst().getLocalAddress();
        return new Binding(endpoint, backlog, List.copyOf(sockets), local);
    }

    /**
     * Takes over an address from another process. If that one passed fewer sockets than there are workers, sockets are
     * added; if it passed more, some workers get several.
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

    /** What another process needs to take over this address. */
    ListeningSockets toPass() {
        return new ListeningSockets(local, backlog, sockets);
    }

    /** Runs an action for each socket and its worker. Sockets are assigned to the workers in turn. */
    void forEach(List<Worker> workers, BiConsumer<Worker, ServerSocketChannel> action) {
        for (int i = 0; i < sockets.size(); i++) {
            action.accept(workers.get(i % workers.size()), sockets.get(i));
        }
    }

    /** Whether one of the addresses is a wildcard that includes the other one. */
    private boolean overlaps(InetSocketAddress address) {
        InetAddress own = local.getAddress();
        boolean sameFamily = own.getClass() == address.getAddress().getClass();
        return sameFamily && local.getPort() == address.getPort()
                && (own.isAnyLocalAddress() || address.getAddress().isAnyLocalAddress());
    }

    /** Closes the sockets of a binding that no worker has got. */
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
