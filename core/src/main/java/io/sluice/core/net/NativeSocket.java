package io.sluice.core.net;

import io.sluice.core.linux.Descriptor;
import io.sluice.core.linux.SocketCalls;
import io.sluice.core.linux.SocketOption;
import io.sluice.core.linux.Sockets;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.ReadyHandler;
import io.sluice.core.loop.Registration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;

/**
 * A socket used by native calls on its file descriptor. The number is forgotten at close, as the kernel reuses it for
 * other sockets.
 *
 * <p>Owned by one event loop.
 */
final class NativeSocket extends TcpSocket {

    private static final int CLOSED = -1;

    private int descriptor;
    private InetSocketAddress remote;
    /** Null if the kernel has to be asked. */
    private InetSocketAddress local;

    private NativeSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    static NativeSocket acceptedFrom(ServerSocketChannel listening, InetSocketAddress local) throws IOException {
        int accepted = Sockets.accept(listening);
        if (accepted < 0) {
            return null;
        }
        NativeSocket socket = new NativeSocket(accepted);
        socket.remote = Sockets.acceptedFrom();
        socket.local = local;
        return socket;
    }

    static NativeSocket like(InetSocketAddress address) throws IOException {
        int descriptor = Sockets.open(address.getAddress());
        SocketOption.TCP_NODELAY.set(descriptor, 1);
        return new NativeSocket(descriptor);
    }

    @Override
    int receive(SocketCalls calls, ByteBuffer buffer) throws IOException {
        return calls.receive(used(), buffer);
    }

    @Override
    int send(SocketCalls calls, ByteBuffer buffer, boolean more) throws IOException {
        return calls.send(used(), buffer, more);
    }

    @Override
    boolean hasRoom(SocketCalls calls) throws IOException {
        return calls.hasRoom(used());
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public boolean isOpen() {
        return descriptor != CLOSED;
    }

    private int used() throws ClosedChannelException {
        if (descriptor == CLOSED) {
            throw new ClosedChannelException();
        }
        return descriptor;
    }

    @Override
    public void bind(InetSocketAddress local) throws IOException {
        Sockets.bind(used(), local);
    }

    @Override
    boolean connect(InetSocketAddress to) throws IOException {
        remote = to;
        return Sockets.connect(used(), to);
    }

    @Override
    boolean finishConnect() throws IOException {
        // A socket that is ready for writing and not broken is connected (connect(2), EINPROGRESS).
        if (isBroken()) {
            Sockets.finishConnect(used());
        }
        return true;
    }

    @Override
    void shutdownOutput() throws IOException {
        Sockets.shutdownOutput(used());
    }

    @Override
    void resetAtClose() throws IOException {
        Sockets.resetAtClose(used());
    }

    @Override
    InetSocketAddress localAddress() throws IOException {
        int known = used();
        return local != null ? local : Sockets.localAddress(known);
    }

    @Override
    InetSocketAddress remoteAddress() throws IOException {
        used();
        return remote;
    }

    @Override
    Registration register(EventLoop loop, int ops, ReadyHandler handler) throws IOException {
        return loop.register(used(), ops, handler, this);
    }

    @Override
    void closeDescriptor() throws IOException {
        if (descriptor != CLOSED) {
            int closing = descriptor;
            descriptor = CLOSED;
            Descriptor.close(closing);
        }
    }
}
