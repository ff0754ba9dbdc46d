package io.sluice.core.net;

import io.sluice.core.linux.Descriptor;
import io.sluice.core.linux.SocketCalls;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.ReadyHandler;
import io.sluice.core.loop.Registration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A socket on an NIO channel, for hosts without native calls. Owned by one event loop. */
final class ChannelSocket extends TcpSocket {

    private final SocketChannel channel;

    /** @param channel closed if it cannot be configured */
    ChannelSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static ChannelSocket acceptedFrom(ServerSocketChannel listening) throws IOException {
        SocketChannel accepted = listening.accept();
        return accepted == null ? null : new ChannelSocket(accepted);
    }

    @Override
    int receive(SocketCalls calls, ByteBuffer buffer) throws IOException {
        return channel.read(buffer);
    }

    @Override
    int send(SocketCalls calls, ByteBuffer buffer, boolean more) throws IOException {
        return channel.write(buffer);
    }

    /** NIO cannot tell but by a selector. */
    @Override
    boolean hasRoom(SocketCalls calls) {
        return true;
    }

    @Override
    public int descriptor() {
        return Descriptor.of(channel);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void bind(InetSocketAddress local) throws IOException {
        channel.bind(local);
    }

    @Override
    boolean connect(InetSocketAddress remote) throws IOException {
        return channel.connect(remote);
    }

    @Override
    boolean finishConnect() throws IOException {
        return channel.finishConnect();
    }

    @Override
    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    void resetAtClose() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    }

    @Override
    InetSocketAddress localAddress() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    @Override
    InetSocketAddress remoteAddress() throws IOException {
        return (InetSocketAddress) channel.getRemoteAddress();
    }

    @Override
    Registration register(EventLoop loop, int ops, ReadyHandler handler) throws IOException {
        return loop.register(channel, ops, handler);
    }

    @Override
    void closeDescriptor() throws IOException {
        channel.close();
    }
}
