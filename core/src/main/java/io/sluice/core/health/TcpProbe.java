package io.sluice.core.health;

import io.sluice.config.PoolConfig;
import io.sluice.core.net.ProxyProtocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A server works if it accepts a TCP connection. The check comes from the pool's first source address and starts with
 * the PROXY protocol header that the pool sends, saying that the connection is Sluice's own. Immutable.
 */
public final class TcpProbe implements Probe {

    private final PoolConfig pool;

    public TcpProbe(PoolConfig pool) {
        this.pool = pool;
    }

    @Override
    public void check(InetSocketAddress server, Duration timeout) throws IOException {
        try (Socket socket = new Socket()) {
            // Closing by a reset leaves no socket in TIME_WAIT, check after check.
            socket.setSoLinger(true, 0);
            if (!pool.source().isEmpty()) {
                socket.bind(new InetSocketAddress(pool.source().getFirst(), 0));
            }
            socket.connect(server, Math.toIntExact(Math.max(1, timeout.toMillis())));
            sendProxyHeader(socket);
        } catch (SocketTimeoutException e) {
            throw new IOException("no connection within " + timeout.toMillis() + " ms", e);
        } catch (ConnectException | NoRouteToHostException e) {
            throw new IOException(e.getMessage().toLowerCase(java.util.Locale.ROOT), e);
        }
    }

    private void sendProxyHeader(Socket socket) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(ProxyProtocol.MOST_SENT_BYTES);
        ProxyProtocol.encodeLocal(pool.sendProxyProtocol(), header);
        socket.getOutputStream().write(header.array(), 0, header.position());
    }
}
