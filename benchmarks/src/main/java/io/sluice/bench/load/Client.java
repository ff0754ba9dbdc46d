package io.sluice.bench.load;

import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.TcpSocket;
import java.io.IOException;
import java.nio.channels.SelectionKey;

/** One of the connections that make load; reconnects when the connection is lost. Owned by one event loop. */
abstract class Client implements ConnectionOwner {

    final LoadThread thread;
    private Connection connection;
    private boolean connected;

    Client(LoadThread thread) {
        this.thread = thread;
    }

    /** The run starts. */
    abstract void start();

    /** Called every {@link LoadThread#TICK_NS}, or a little later. */
    abstract void onTick(long nowNs);

    /** The run ends now. */
    abstract void stop();

    abstract void onConnected();

    /** The connect attempt has failed, at once or later. */
    abstract void onConnectFailed();

    abstract void onReadable();

    abstract void onWritable();

    final Connection connection() {
        return connection;
    }

    final boolean isOpen() {
        return connection != null;
    }

    /** Connects; calls {@link #onConnected} or {@link #onConnectFailed}, unless {@link #close} comes before. */
    final void connect() {
        try {
            connection = new Connection(thread.loop(), TcpSocket.open(thread.target().address()), this);
            connected = false;
            if (connection.connect(thread.target().address())) {
                connectedNow();
            }
        } catch (IOException e) {
            close();
            onConnectFailed();
        }
    }

    final void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    @Override
    public final void onReady(Connection ready, int readyOps) {
        if (!connected) {
            finishConnect();
            return;
        }
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            onWritable();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && connection == ready) {
            onReadable();
        }
    }

    /** Ends the run: after a bug, its results cannot be trusted. */
    @Override
    public final void onFailure(Connection failed, RuntimeException failure) {
        throw new IllegalStateException("the load generator is broken", failure);
    }

    private void finishConnect() {
        try {
            if (connection.finishConnect()) {
                connectedNow();
            }
        } catch (IOException e) {
            close();
            onConnectFailed();
        }
    }

    private void connectedNow() {
        connected = true;
        thread.tally().add(Tally.Count.CONNECTIONS, 1);
        connection.wantRead(true);
        onConnected();
    }
}
