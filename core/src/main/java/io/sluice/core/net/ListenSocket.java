package io.sluice.core.net;

import io.sluice.core.linux.Descriptor;
import io.sluice.core.linux.DescriptorPassing;
import io.sluice.core.linux.SocketOption;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Makes listening sockets. For the control plane: it blocks. */
public final class ListenSocket {

    private ListenSocket() { }

    /**
     * Binds one listening socket for each worker to one address; the kernel spreads new connections over them
     * (socket(7), {@code SO_REUSEPORT}). With port 0 all share the port that the kernel chooses. {@code 0.0.0.0} is for
     * IPv4 alone and {@code ::} for IPv6 alone, so that a listener covers no more than the configuration says.
     *
     * @throws IOException if the address cannot be bound, also because another process listens on it
     */
    public static List<ServerSocketChannel> bind(InetSocketAddress address, int backlog, int workers)
            throws IOException {
        refuseIfTaken(address);
        return bindBeside(address, backlog, workers);
    }

    /**
     * The same without the check for other processes, which would fail here: this process listens on an overlapping
     * address.
     */
    public static List<ServerSocketChannel> bindBeside(InetSocketAddress address, int backlog, int workers)
            throws IOException {
        List<ServerSocketChannel> sockets = new ArrayList<>();
        InetSocketAddress actual = address;
        try {
            for (int i = 0; i < workers; i++) {
                ServerSocketChannel socket = open(actual);
                sockets.add(socket);
                configure(socket);
                socket.bind(actual, backlog);
                actual = (InetSocketAddress) socket.getLocalAddress();
            }
            return sockets;
        } catch (IOException e) {
            for (ServerSocketChannel socket : sockets) {
                socket.close();
            }
            throw e;
        }
    }

    /**
     * Takes over a listening socket that another process has passed on, with the connections that wait in its queue.
     *
     * @param descriptor as received; closed if this fails
     * @param local      the address that the descriptor is bound to
     */
    public static ServerSocketChannel adopt(int descriptor, InetSocketAddress local) throws IOException {
        ServerSocketChannel socket;
        try {
            socket = open(local);
        } catch (IOException e) {
            Descriptor.close(descriptor);
            throw e;
        }
        try {
            socket.configureBlocking(false);
            // A channel accepts only after a bind of its own. The address does not matter: the descriptor is replaced
            // below.
            String loopback = local.getAddress() instanceof Inet4Address ? "127.0.0.1" : "::1";
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(loopback), 0), 1);
        } catch (IOException e) {
            Descriptor.close(descriptor);
            socket.close();
            throw e;
        }
        DescriptorPassing.adopt(socket, descriptor);
        return socket;
    }

    /**
     * {@code SO_REUSEPORT} would let a second Sluice of the same user take half of the connections unnoticed, so the
     * address is first bound without it.
     */
    private static void refuseIfTaken(InetSocketAddress address) throws IOException {
        try (ServerSocketChannel probe = open(address)) {
            probe.bind(address, 1);
        }
    }

    /**
     * Opens a socket of the address's family: the JDK's default socket would take either wildcard address for both
     * families.
     */
    private static ServerSocketChannel open(InetSocketAddress address) throws IOException {
        if (address.getAddress() instanceof Inet4Address) {
            return ServerSocketChannel.open(StandardProtocolFamily.INET);
        }
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.INET6);
        SocketOption.IPV6_V6ONLY.set(Descriptor.of(socket), 1);
        return socket;
    }

    private static void configure(ServerSocketChannel socket) throws IOException {
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        // Accepted sockets inherit these, which saves a system call for each on every connection.
        KeepAlive.apply(Descriptor.of(socket));
        SocketOption.TCP_NODELAY.set(Descriptor.of(socket), 1);
    }
}
