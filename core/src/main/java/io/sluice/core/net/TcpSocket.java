package io.sluice.core.net;

import io.sluice.core.linux.Descriptor;
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
 * The non-blocking socket of one TCP connection: a file descriptor on hosts with native calls, an NIO channel on
 * others. Reading and writing go through {@link Connection}.
 *
 * <p>Owned by one event loop; on its way from one loop to another, nobody else uses it.
 */
public abstract sealed class TcpSocket implements Closeable permits NativeSocket, ChannelSocket {

    private Registration registration;
    private boolean delaysAck;

    /**
     * Takes the next client of a listening socket.
     *
     * @param local as of {@link #addressOfAccepted}
     * @return null if there is none
     * @throws IOException if this host lacks file descriptors or memory
     */
    static TcpSocket accept(ServerSocketChannel listening, InetSocketAddress local) throws IOException {
        return EventLoop.isNative() ? NativeSocket.acceptedFrom(listening, local)
                : ChannelSocket.acceptedFrom(listening);
    }

    /**
     * The local address that all clients of a listening socket share, so that the kernel need not be asked for each;
     * null if they may differ. The kernel is asked and not the channel, which does not know the address of a socket
     * that another process has passed on.
     */
    static InetSocketAddress addressOfAccepted(ServerSocketChannel listening) throws IOException {
        if (!EventLoop.isNative()) {
            return null;
        }
        InetSocketAddress address = Sockets.localAddress(Descriptor.of(listening));
        return address.getAddress().isAnyLocalAddress() ? null : address;
    }

    /**
     * A socket that can be connected to this address; it sends at once, however little (tcp(7), {@code TCP_NODELAY}).
     */
    public static TcpSocket open(InetSocketAddress remote) throws IOException {
        return EventLoop.isNative() ? NativeSocket.like(remote) : new ChannelSocket(SocketChannel.open());
    }

    abstract int receive(SocketCalls calls, ByteBuffer buffer) throws IOException;

    /** @param more whether more bytes or the end follow at once */
    abstract int send(SocketCalls calls, ByteBuffer buffer, boolean more) throws IOException;

    /** As {@link Connection#hasRoom}. */
    abstract boolean hasRoom(SocketCalls calls) throws IOException;

    /** As {@link Registration#isBroken}. */
    final boolean isBroken() {
        return registration != null && registration.isBroken();
    }

    /** As {@link Registration#peerHasEnded}. */
    final boolean peerHasEnded() {
        return registration != null && registration.peerHasEnded();
    }

    /** The file descriptor, for native calls; not valid after close. */
    public abstract int descriptor();

    public abstract boolean isOpen();

    public abstract void bind(InetSocketAddress local) throws IOException;

    /**
     * Starts connecting.
     *
     * @return whether the connection is established already
     * @throws java.net.BindException if this host has no port left towards the address
     */
    abstract boolean connect(InetSocketAddress remote) throws IOException;

    /** Completes connecting, after the handler was told of readiness. @return whether the socket is connected */
    abstract boolean finishConnect() throws IOException;

    /**
     * To be called before {@link #connect}: the ACK that ends the handshake leaves with the first bytes, or by
     * {@link #delayAckNoMore}, which has to follow at once (tcp(7), {@code TCP_QUICKACK}).
     */
    public final void delayAck() {
        delaysAck = SocketOption.TCP_QUICKACK.set(descriptor(), 0);
    }

    public final boolean delaysAck() {
        return delaysAck;
    }

    /**
     * Ends the delay: unless first bytes have carried the ACK, it leaves now. Otherwise the kernel would delay the ACKs
     * of the answer, too, and a peer that sends its answer in small pieces waits for them (RFC 896): the first answer
     * took 44 ms instead of less than 1 ms.
     */
    public final void delayAckNoMore() {
        if (delaysAck && isOpen()) {
            delaysAck = false;
            SocketOption.TCP_QUICKACK.set(descriptor(), 1);
        }
    }

    abstract void shutdownOutput() throws IOException;

    /** Makes {@link #close} reset the connection. */
    abstract void resetAtClose() throws IOException;

    abstract InetSocketAddress localAddress() throws IOException;

    /** Null as long as it is not connected. */
    abstract InetSocketAddress remoteAddress() throws IOException;

    abstract Registration register(EventLoop loop, int ops, ReadyHandler handler) throws IOException;

    abstract void closeDescriptor() throws IOException;

    /** Asks for these operations of {@link java.nio.channels.SelectionKey}; the handler is told of them. */
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
