package io.sluice.core.net;

import io.sluice.core.linux.SocketCalls;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Bytes as they are. Owned by one event loop. */
final class Plain extends Transport {

    private final SocketCalls calls;
    private final SocketChannel channel;

    Plain(SocketCalls calls, SocketChannel channel) {
        this.calls = calls;
        this.channel = channel;
    }

    @Override
    int read(ByteBuffer buffer) throws IOException {
        return calls.receive(channel, buffer);
    }

    @Override
    int write(ByteBuffer buffer) throws IOException {
        return calls.send(channel, buffer);
    }

    @Override
    boolean hasUnread() {
        return false;
    }

    @Override
    void offerUnread() {
        throw new AssertionError("there is nothing but what the selector tells of");
    }

    @Override
    int onWritable() {
        throw new AssertionError("nothing is written but by the connection's owner");
    }

    @Override
    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    void close() throws IOException {
        channel.close();
    }

    @Override
    void abort() throws IOException {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // There is nothing to reset: connecting has failed, after which a channel closes itself.
            assert channel.isOpen() || !channel.isConnected();
        }
        channel.close();
    }
}
