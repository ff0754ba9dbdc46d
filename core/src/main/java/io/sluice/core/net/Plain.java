package io.sluice.core.net;

import io.sluice.core.linux.SocketCalls;
import io.sluice.core.linux.SocketOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport without TLS: passes bytes as they are. Owned by one event loop. */
final class Plain extends Transport {

    private static final Logger LOG = LoggerFactory.getLogger(Plain.class);

    private final SocketCalls calls;
    private final TcpSocket socket;
    /**
     * Whether the kernel may still hold the last bytes back, as they were sent with MSG_MORE. A reset would drop them.
     */
    private boolean holdsBack;

    Plain(SocketCalls calls, TcpSocket socket) {
        this.calls = calls;
        this.socket = socket;
    }

    @Override
    int read(ByteBuffer buffer) throws IOException {
        return socket.receive(calls, buffer);
    }

    @Override
    int write(ByteBuffer buffer, boolean more) throws IOException {
        holdsBack = more;
        int count = socket.send(calls, buffer, more);
        socket.delayAckNoMore();
        return count;
    }

    @Override
    boolean hasRoom() throws IOException {
        return socket.hasRoom(calls);
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
        holdsBack = false;
        socket.shutdownOutput();
    }

    /** Sends held back bytes first: closing with unread input resets the connection (RFC 1122, section 4.2.2.13). */
    @Override
    void close() throws IOException {
        if (holdsBack) {
            shutdownOutput();
        }
        socket.close();
    }

    @Override
    void abort() throws IOException {
        if (holdsBack) {
            // Setting the option sends held back bytes, even if it is set already (tcp(7)).
            SocketOption.TCP_NODELAY.set(socket.descriptor(), 1);
        }
        try {
            socket.resetAtClose();
        } catch (IOException e) {
            LOG.trace("there is nothing to reset: connecting has failed, after which NIO's channel closes itself", e);
        }
        socket.close();
    }
}
