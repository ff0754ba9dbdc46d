package io.sluice.bench.origin;

import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.TcpSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/** Sends, or reads and discards, without end. Owned by one event loop. */
final class BulkSession implements ConnectionOwner {

    /** The most full buffers in a row before other connections get their turn. */
    private static final int MOST_IN_A_ROW = 8;

    private final OriginThread thread;
    private final Connection connection;

    BulkSession(OriginThread thread, TcpSocket socket, boolean sends) {
        this.thread = thread;
        connection = new Connection(thread.loop(), socket, this);
        connection.wantRead(!sends);
        connection.wantWrite(sends);
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        boolean alive = (readyOps & SelectionKey.OP_WRITE) != 0 ? send() : discard();
        if (!alive) {
            connection.close();
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        OriginThread.LOG.error("moving bytes failed", failure);
        connection.close();
    }

    private boolean send() {
        ByteBuffer block = thread.answerings().block();
        int count = block.capacity();
        for (int i = 0; i < MOST_IN_A_ROW && count == block.capacity(); i++) {
            count = connection.write(block.clear());
        }
        return count >= 0;
    }

    private boolean discard() {
        ByteBuffer in = thread.readBuffer();
        int count = in.capacity();
        for (int i = 0; i < MOST_IN_A_ROW && count == in.capacity(); i++) {
            count = connection.read(in.clear());
        }
        return count >= 0;
    }
}
