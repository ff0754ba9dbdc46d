package io.sluice.launcher.control;

import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

/**
 * The sockets of one process on one address, as they are passed to the next process. Immutable.
 *
 * @param address that they are bound to
 * @param backlog that they have
 */
public record ListeningSockets(InetSocketAddress address, int backlog, List<ServerSocketChannel> sockets) {

    public ListeningSockets {
        sockets = List.copyOf(sockets);
    }
}
