package io.sluice.core.health;

import io.sluice.config.PoolConfig;
import io.sluice.core.address.ProxyProtocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks that a server accepts a TCP connection. Connects from the pool's first source address, and sends the pool's
 * PROXY protocol header, which declares the connection as Sluice's own, unless the check has a port of its own. Closes
 * the connection cleanly: a reset would be an error to the server, and PostgreSQL logs a line for each. Immutable.
 */
public final class TcpProbe implements Probe {

    private final PoolConfig pool;
    private final Optional<Integer> port;

    /** @param port of the check; empty: the server's own */
    public TcpProbe(PoolConfig pool, Optional<Integer> port) {
        this.pool = pool;
        this.port = port;
    }

    @Override
    public Finding check(InetSocketAddress server, Duration timeout) throws IOException {
        connect(pool, port, server, timeout).close();
        return Finding.WORKS;
    }

    /** Opens a connection to the port that a check names, without a header; or else as the pool does for traffic. */
    static Socket connect(PoolConfig pool, Optional<Integer> port, InetSocketAddress server, Duration timeout)
            throws IOException {
        if (port.isEmpty()) {
            return connect(pool, server, timeout);
        }
        try {
            return connectBare(pool, new InetSocketAddress(server.getAddress(), port.get()), timeout);
        } catch (OwnFailureException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("port " + port.get() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Opens a connection as the pool does for traffic, and sends the PROXY protocol header. The socket has a channel,
     * so that a selector can wait for it.
     *
     * @throws IOException if there is no connection in time; the message says why, for a log line
     */
    public static Socket connect(PoolConfig pool, InetSocketAddress server, Duration timeout) throws IOException {
        Socket socket = connectBare(pool, server, timeout);
        try {
            sendProxyHeader(pool, socket);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw explained(e, timeout);
        }
    }

    private static Socket connectBare(PoolConfig pool, InetSocketAddress address, Duration timeout)
            throws IOException {
        Socket socket = open(pool.source(), address.getAddress());
        try {
            socket.connect(address, Math.toIntExact(Math.max(1, timeout.toMillis())));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw explained(e, timeout);
        }
    }

    /** Bound to the first source address of the server's family, if there are any. */
    private static Socket open(List<InetAddress> sources, InetAddress server) throws IOException {
        try {
            Socket socket = SocketChannel.open().socket();
            for (InetAddress source : sources) {
                if (source.getClass() == server.getClass()) {
                    return bound(socket, source);
                }
            }
            return socket;
        } catch (IOException e) {
            throw new OwnFailureException(e);
        }
    }

    private static Socket bound(Socket socket, InetAddress source) throws IOException {
        try {
            socket.bind(new InetSocketAddress(source, 0));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void sendProxyHeader(PoolConfig pool, Socket socket) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(ProxyProtocol.MOST_SENT_BYTES);
        ProxyProtocol.encodeLocal(pool.sendProxyProtocol(), (InetSocketAddress) socket.getLocalSocketAddress(),
                (InetSocketAddress) socket.getRemoteSocketAddress(), header);
        socket.getOutputStream().write(header.array(), 0, header.position());
    }

    private static IOException explained(IOException e, Duration timeout) {
        return switch (e) {
            case SocketTimeoutException _ -> new IOException("no connection within " + timeout.toMillis() + " ms", e);
            case ConnectException refused -> new IOException(refused.getMessage().toLowerCase(Locale.ROOT), e);
            case NoRouteToHostException none -> new IOException(none.getMessage().toLowerCase(Locale.ROOT), e);
            default -> e;
        };
    }
}
