package io.sluice.bench.origin;

import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.TcpSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/** Echoes the bytes received; reads no more while the client does not take them. Owned by one event loop. */
final class EchoSession implements ConnectionOwner {

    private final OriginThread thread;
    private final Connection connection;
    private ByteBuffer held;

    EchoSession(OriginThread thread, TcpSocket socket) {
        this.thread = thread;
        connection = new Connection(thread.loop(), socket, this);
        connection.wantRead(true);
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            sendHeld();
        } else {
            echo(thread.readBuffer());
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        OriginThread.LOG.error("echoing failed", failure);
        connection.close();
    }

    private void echo(ByteBuffer buffer) {
        int count = connection.read(buffer.clear());
        if (count < 0 || connection.write(buffer.flip()) < 0) {
            connection.close();
        } else if (buffer.hasRemaining()) {
            held = ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip();
            connection.wantRead(false);
            connection.wantWrite(true);
        }
    }

    private void sendHeld() {
        if (connection.write(held) < 0) {
            connection.close();
        } else if (!held.hasRemaining()) {
            held = null;
            connection.wantWrite(false);
            connection.wantRead(true);
        }
    }
}
