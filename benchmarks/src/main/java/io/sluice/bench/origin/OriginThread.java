package io.sluice.bench.origin;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.AcceptHandler;
import io.sluice.core.net.Acceptor;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.net.TcpSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop of an origin, with its own listening socket. Owned by that loop. */
final class OriginThread implements AcceptHandler {

    static final Logger LOG = LoggerFactory.getLogger(Origin.class);

    private static final int READ_BUFFER_BYTES = 256 * 1024;

    private final EventLoop loop = new EventLoop();
    private final Service service;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
    private final Answerings answerings = new Answerings();

    OriginThread(Service service) {
        this.service = service;
    }

    EventLoop loop() {
        return loop;
    }

    /** The buffer that all sessions read into, since each processes its bytes at once. */
    ByteBuffer readBuffer() {
        return readBuffer;
    }

    Answerings answerings() {
        return answerings;
    }

    /** Runs on the loop. Accepts up to the process's limit of file descriptors. */
    void accept(ServerSocketChannel socket) {
        new Acceptor(loop, socket, new ConnectionLimit(null, Integer.MAX_VALUE), this);
    }

    @Override
    public void onAccepted(TcpSocket socket) {
        switch (service) {
            case HTTP -> new HttpSession(this, socket);
            case ECHO -> new EchoSession(this, socket);
            case SEND -> new BulkSession(this, socket, true);
            case DISCARD -> new BulkSession(this, socket, false);
        }
    }

    @Override
    public void onLimit() {
        throw new AssertionError("there is none");
    }

    @Override
    public void onAcceptFailed(String reason) {
        LOG.warn("a connection could not be accepted: {}", reason);
    }
}
