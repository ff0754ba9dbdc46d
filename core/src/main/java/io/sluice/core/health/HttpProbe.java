package io.sluice.core.health;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.HealthCheckConfig.StatusRange;
import io.sluice.config.PoolConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * Checks that a server answers an HTTP request as expected. Each check opens a connection of its own, as the pool does
 * for traffic; the timeout covers the whole check. The JDK's HTTP client is not used, as it can neither send a PROXY
 * protocol header nor an arbitrary Host. Immutable.
 */
public final class HttpProbe implements Probe {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final PoolConfig pool;
    private final HealthCheckConfig.Http check;
    private final Layer layer;

    /** Without TLS. */
    public HttpProbe(PoolConfig pool, HealthCheckConfig.Http check) {
        this(pool, check, plain -> plain);
    }

    /** @param layer puts a protocol such as TLS under HTTP */
    public HttpProbe(PoolConfig pool, HealthCheckConfig.Http check, Layer layer) {
        this.pool = pool;
        this.check = check;
        this.layer = layer;
    }

    /** Puts a protocol such as TLS over a new connection; closing the result closes that connection. */
    public interface Layer {
        Socket over(Socket plain) throws IOException;
    }

    @Override
    public Finding check(InetSocketAddress server, Duration timeout) throws IOException {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        try (Socket plain = TcpProbe.connect(pool, check.port(), server, timeout);
             Socket socket = layer(plain, deadlineNs)) {
            socket.getOutputStream().write(request(server).getBytes(StandardCharsets.UTF_8));
            HttpReply reply = HttpReply.read(new DeadlineInput(socket, deadlineNs), check.bodyContains().isPresent());
            judge(reply);
            return Finding.WORKS;
        } catch (SocketTimeoutException e) {
            throw new IOException("no whole answer within " + timeout.toMillis() + " ms", e);
        }
    }

    private Socket layer(Socket plain, long deadlineNs) throws IOException {
        plain.setSoTimeout(leftMs(deadlineNs));
        try {
            return layer.over(plain);
        } catch (SSLException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
    }

    private static int leftMs(long deadlineNs) throws SocketTimeoutException {
        long leftNs = deadlineNs - System.nanoTime();
        if (leftNs <= 0) {
            throw new SocketTimeoutException();
        }
        return Math.toIntExact(Math.max(1, leftNs / 1_000_000));
    }

    private String request(InetSocketAddress server) {
        boolean bodyUsual = check.method().equals("POST") || check.method().equals("PUT");
        return check.method() + ' ' + check.path() + " HTTP/1.1\r\n"
                + "Host: " + check.host().orElseGet(() -> authority(server)) + "\r\n"
                + "User-Agent: Sluice (health check)\r\n"
                + "Accept: */*\r\n"
                + (bodyUsual ? "Content-Length: 0\r\n" : "")
                + "Connection: close\r\n\r\n";
    }

    /** The Host to send: the name that the address was resolved from, or else the address. Looks nothing up. */
    private String authority(InetSocketAddress server) {
        String host = server.getHostString();
        String bracketed = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        int port = check.port().orElse(server.getPort());
        int usualPort = pool.tls().isPresent() && check.port().isEmpty() ? HTTPS_PORT : HTTP_PORT;
        return port == usualPort ? bracketed : bracketed + ':' + port;
    }

    private void judge(HttpReply reply) throws IOException {
        int status = reply.status();
        if (check.statuses().stream().noneMatch(range -> status >= range.first() && status <= range.last())) {
            throw new IOException("status " + status + " instead of " + expectedStatuses());
        }
        if (check.bodyContains().isPresent() && !reply.contains(check.bodyContains().get())) {
            throw new IOException("status " + status + ", but the body does not contain the expected text");
        }
    }

    private String expectedStatuses() {
        return check.statuses().stream().map(HttpProbe::text).collect(Collectors.joining(", "));
    }

    private static String text(StatusRange range) {
        return range.first() == range.last() ? "" + range.first() : range.first() + "-" + range.last();
    }

    /** Reads from a socket until a deadline. Owned by one thread. */
    private static final class DeadlineInput extends InputStream {

        private final Socket socket;
        private final InputStream in;
        private final long deadlineNs;

        DeadlineInput(Socket socket, long deadlineNs) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.deadlineNs = deadlineNs;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            socket.setSoTimeout(leftMs(deadlineNs));
            return in.read(target, offset, length);
        }
    }
}
