package io.sluice.launcher.control;

import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

/**
 * The listening sockets of one process on one address, as passed to the next process. Immutable.
 *
 * @param address the sockets' address
 * @param backlog the sockets' backlog
 */
public record ListeningSockets(InetSocketAddress address, int backlog, List<ServerSocketChannel> sockets) {

    public ListeningSockets {
        sockets = List.copyOf(sockets);
    }
}
