package io.sluice.bench.load;

import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One of the connections that make load; it is opened again when it is lost. Owned by one event loop. */
abstract class Client implements ConnectionOwner {

    final LoadThread thread;
    private Connection connection;
    private boolean connected;

    Client(LoadThread thread) {
        this.thread = thread;
    }

    /** The run starts. */
    abstract void start();

    /** Time has passed: {@link LoadThread#TICK_NS} since the last call, or a little more. */
    abstract void onTick(long nowNs);

    /** The run ends now. */
    abstract void stop();

    abstract void onConnected();

    /** Failed to connect, whether at once or later. */
    abstract void onConnectFailed();

    abstract void onReadable();

    abstract void onWritable();

    final Connection connection() {
        return connection;
    }

    final boolean isOpen() {
        return connection != null;
    }

    /** Ends in one of {@link #onConnected} and {@link #onConnectFailed}, unless {@link #close} comes before. */
    final void connect() {
        try {
            SocketChannel channel = open(thread.target().address());
            connection = new Connection(thread.loop(), channel, this);
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connected = false;
            if (channel.connect(thread.target().address())) {
                connectedNow();
            } else {
                connection.wantConnect(true);
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

    /** A bug: the run cannot be trusted any more. */
    @Override
    public final void onFailure(Connection failed, RuntimeException failure) {
        throw new IllegalStateException("the load generator is broken", failure);
    }

    /** Of the address's own family: one of both would cost one more system call. */
    private static SocketChannel open(InetSocketAddress address) throws IOException {
        return SocketChannel.open(address.getAddress() instanceof Inet4Address ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6);
    }

    private void finishConnect() {
        try {
            if (connection.finishConnect()) {
                connection.wantConnect(false);
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
