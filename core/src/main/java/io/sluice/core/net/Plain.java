package io.sluice.core.net;

import io.sluice.core.linux.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bytes as they are. Owned by one event loop. */
final class Plain extends Transport {

    private static final Logger LOG = LoggerFactory.getLogger(Plain.class);

    private final SocketCalls calls;
    private final TcpSocket socket;

    Plain(SocketCalls calls, TcpSocket socket) {
        this.calls = calls;
        this.socket = socket;
    }

    @Override
    int read(ByteBuffer buffer) throws IOException {
        return socket.receive(calls, buffer);
    }

    @Override
    int write(ByteBuffer buffer) throws IOException {
        return socket.send(calls, buffer);
    }

    @Override
    int writeMore(ByteBuffer buffer) throws IOException {
        return socket.sendMore(calls, buffer);
    }

    @Override
    boolean peerHasEnded() {
        return socket.peerHasEnded();
    }

    @Override
    boolean hasUnread() {
        return false;
    }

    @Override
    void offerUnread() {
        throw new AssertionError("there is nothing but what the kernel tells of");
    }

    @Override
    int onWritable() {
        throw new AssertionError("nothing is written but by the connection's owner");
    }

    @Override
    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    void close() throws IOException {
        socket.close();
    }

    @Override
    void abort() throws IOException {
        try {
            socket.resetAtClose();
        } catch (IOException e) {
            LOG.trace("there is nothing to reset: connecting has failed, after which NIO's channel closes itself", e);
        }
        socket.close();
    }
}
