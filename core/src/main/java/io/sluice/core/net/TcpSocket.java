package io.sluice.core.net;

import io.sluice.core.linux.SocketCalls;
import io.sluice.core.linux.SocketOption;
import io.sluice.core.linux.Sockets;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.ReadyHandler;
import io.sluice.core.loop.Registration;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The socket of one TCP connection, which does not block: a descriptor where there are native calls, a channel
 * elsewhere. {@link Connection} is what others use.
 *
 * <p>Owned by one event loop; one that is on its way to another is owned by nobody else.
 */
public abstract sealed class TcpSocket implements Closeable permits NativeSocket, ChannelSocket {

    private Registration registration;
    private boolean delaysAck;

    /**
     * Takes the next client of a listening socket.
     *
     * @param local as of {@link #addressOfAccepted}
     * @return null if there is none
     * @throws IOException if this host lacks what it takes: file descriptors, memory
     */
    static TcpSocket accept(ServerSocketChannel listening, InetSocketAddress local) throws IOException {
        return EventLoop.isNative() ? NativeSocket.acceptedFrom(listening, local)
                : ChannelSocket.acceptedFrom(listening);
    }

    /**
     * What a listening socket's clients are bound to, for it need not be asked of each; null if they differ. It is
     * asked of the kernel, as a socket that another process has passed on is not what its channel was bound to.
     */
    static InetSocketAddress addressOfAccepted(ServerSocketChannel listening) throws IOException {
        if (!EventLoop.isNative()) {
            return null;
        }
        InetSocketAddress address = Sockets.localAddress(listening);
        return address.getAddress().isAnyLocalAddress() ? null : address;
    }

    /** One that can be connected to this address; it sends at once, however little (tcp(7), {@code TCP_NODELAY}). */
    public static TcpSocket open(InetSocketAddress remote) throws IOException {
        return EventLoop.isNative() ? NativeSocket.like(remote) : new ChannelSocket(SocketChannel.open());
    }

    abstract int receive(SocketCalls calls, ByteBuffer buffer) throws IOException;

    /** @param more whether more bytes or the end follow at once */
    abstract int send(SocketCalls calls, ByteBuffer buffer, boolean more) throws IOException;

    /** As {@link Registration#isBroken}. */
    final boolean isBroken() {
        return registration != null && registration.isBroken();
    }

    /** As {@link Registration#peerHasEnded}. */
    final boolean peerHasEnded() {
        return registration != null && registration.peerHasEnded();
    }

    /** The number by which native calls know it; -1 once it is closed. */
    public abstract int descriptor();

    public abstract boolean isOpen();

    abstract void bind(InetSocketAddress local) throws IOException;

    /**
     * Starts connecting.
     *
     * @return whether the connection is established already
     * @throws java.net.BindException if this host has no port left towards the address
     */
    abstract boolean connect(InetSocketAddress remote) throws IOException;

    /** Sees how connecting has gone, once the handler has been told of it. @return whether it is over */
    abstract boolean finishConnect() throws IOException;

    /** Before {@link #connect}: leaves the end of the handshake to the first bytes, which have to follow it at once. */
    final void delayAck() {
        delaysAck = SocketOption.TCP_QUICKACK.set(descriptor(), 0);
    }

    /**
     * Ends that, once these bytes are sent. The kernel would acknowledge late whatever comes in answer, and a peer that
     * sends it bit by bit awaits that (RFC 896): its first answer took 44 ms, and takes less than one.
     */
    final void delayAckNoMore() {
        if (delaysAck && isOpen()) {
            delaysAck = false;
            SocketOption.TCP_QUICKACK.set(descriptor(), 1);
        }
    }

    abstract void shutdownOutput() throws IOException;

    /** Has {@link #close} reset the connection. */
    abstract void resetAtClose() throws IOException;

    abstract InetSocketAddress localAddress() throws IOException;

    /** Null as long as it is not connected. */
    abstract InetSocketAddress remoteAddress() throws IOException;

    abstract Registration register(EventLoop loop, int ops, ReadyHandler handler) throws IOException;

    abstract void closeDescriptor() throws IOException;

    /** Asks for these operations of {@link java.nio.channels.SelectionKey}, of which the handler is told. */
    final void want(EventLoop loop, int ops, ReadyHandler handler) throws IOException {
        if (registration == null) {
            registration = register(loop, ops, handler);
        } else {
            registration.interestOps(ops);
        }
    }

    @Override
    public final void close() throws IOException {
        if (registration != null) {
            registration.cancelForClose();
        }
        closeDescriptor();
    }
}
