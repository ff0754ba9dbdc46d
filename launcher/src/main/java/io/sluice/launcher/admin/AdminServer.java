package io.sluice.launcher.admin;

import io.sluice.config.AdminConfig;
import io.sluice.config.parse.AdminAccess;
import io.sluice.launcher.admin.Route.Access;
import io.sluice.launcher.control.ControlPlane;
import io.sluice.launcher.observe.Observer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/**
 * The admin address: a small HTTP server beside the data path, with which it shares nothing but the process. What
 * clients can occupy is bounded: connections, the time for a head and a body, bytes. Safe from any thread.
 */
public final class AdminServer implements AutoCloseable {

    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_TASKS = 2 * MOST_CONNECTIONS;
    private static final long HEAD_PATIENCE_MS = 15_000;
    private static final int HEAD_BYTES = 8 * 1024;
    /** The timeout of a connection on which no byte moves. */
    private static final long IDLE_MS = 30_000;
    /** The idle timeout while the number of connections is at its bound. */
    private static final long CROWDED_IDLE_MS = 2_000;

    private final AdminConfig config;
    private final Server server;
    private final ServerConnector tcp;
    private final Token token;
    private final Optional<AdminTls> tls;

    private AdminServer(AdminConfig config, Token token) throws IOException {
        this.config = config;
        this.token = token;
        tls = config.tls().isPresent() ? Optional.of(new AdminTls(config.tls().get())) : Optional.empty();
        VirtualThreadPool threads = new VirtualThreadPool(MOST_TASKS);
        threads.setName("admin");
        server = new Server(threads);
        server.setStopTimeout(0);
        server.setErrorHandler(new ProblemPages());
        AcceptFailures failures = new AcceptFailures();
        tcp = failures.tcp(server, protocols());
        tcp.setHost(config.bind().host());
        tcp.setPort(config.bind().port());
        server.addConnector(tcp);
        tcp.setIdleTimeout(IDLE_MS);
        if (config.socket().isPresent()) {
            UnixDomainServerConnector socket = failures.unixSocket(server, plain(new HttpConfiguration()));
            socket.setUnixDomainPath(config.socket().get());
            socket.setIdleTimeout(IDLE_MS);
            server.addConnector(socket);
        }
    }

    /**
     * Starts to serve.
     *
     * @param access   the token file is created if it is missing and the configuration has no token
     * @param observer provides the readings to show
     * @throws IOException if an address cannot be bound or a file cannot be used; nothing is left running then
     */
    public static AdminServer start(AdminAccess access, ControlPlane control, Observer observer) throws IOException {
        Access metrics = access.admin().metricsToken() ? Access.WITH_TOKEN : Access.ALL;
        AdminServer admin = start(access, routes(control, observer, metrics), HEAD_PATIENCE_MS);
        control.keepFresh(admin.tls.map(List::of).orElse(List.of()));
        return admin;
    }

    static Routes routes(ControlPlane control, Observer observer, Access metrics) {
        List<Route> routes = new ArrayList<>();
        routes.addAll(new StatusResources(control, observer, metrics).routes());
        routes.addAll(new ServerResources(control).routes());
        routes.addAll(new ConfigResources(control).routes());
        routes.addAll(new SessionResources(control).routes());
        routes.add(OpenApi.route());
        return new Routes(routes);
    }

    /**
     * Starts a server with other routes.
     *
     * @param patienceMs how long a client may take for the head of a request
     */
    static AdminServer start(AdminAccess access, Routes routes, long patienceMs) throws IOException {
        AdminServer admin = new AdminServer(access.admin(), Token.readOrMake(access));
        try {
            admin.start(routes, patienceMs);
            return admin;
        } catch (IOException e) {
            try {
                admin.close();
            } catch (IllegalStateException alsoAtTheEnd) {
                // Where no socket can be made, none can be deleted either.
                e.addSuppressed(alsoAtTheEnd);
            }
            throw e;
        }
    }

    private void start(Routes routes, long patienceMs) throws IOException {
        SlowClients slowClients = new SlowClients(tcp.getScheduler(), patienceMs);
        server.getContainedBeans(AbstractConnector.class).forEach(connector -> connector.addBean(slowClients));
        NetworkConnectionLimit limit = new NetworkConnectionLimit(MOST_CONNECTIONS, server);
        limit.setEndPointIdleTimeout(CROWDED_IDLE_MS);
        server.addBean(limit);
        server.setHandler(new AdminHandler(new Door(token), routes, slowClients));
        try {
            if (config.socket().isPresent()) {
                removeLeftOver(config.socket().get());
            }
            server.start();
            if (config.socket().isPresent()) {
                Files.setPosixFilePermissions(config.socket().get(), PosixFilePermissions.fromString("rw-------"));
            }
        } catch (SocketException e) {
            // Of the Unix socket: what the TCP address has to say is the cause of another exception.
            throw new FileSystemException(config.socket().map(Path::toString).orElse(null), null, e.getMessage());
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Deletes the socket file that an ended process has left. Fails if a process answers there, or on another file. */
    private static void removeLeftOver(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException e) {
            if (Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther()) {
                Files.delete(socket);
                return;
            }
        }
        throw new FileAlreadyExistsException(socket + " is in use, or no socket");
    }

    private ConnectionFactory[] protocols() {
        HttpConfiguration http = new HttpConfiguration();
        if (tls.isEmpty()) {
            return new ConnectionFactory[] {plain(http)};
        }
        // No check of the SNI against Host: comparing the name with the certificate is up to the client.
        http.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory inner = plain(http);
        return new ConnectionFactory[] {new SslConnectionFactory(tls.get().factory(), inner.getProtocol()), inner};
    }

    private static HttpConnectionFactory plain(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEAD_BYTES);
        return new HttpConnectionFactory(http);
    }

    /** The address that it listens on, with the port that the kernel has chosen for port 0. */
    public InetSocketAddress address() {
        return new InetSocketAddress(config.bind().host(), tcp.getLocalPort());
    }

    /** The token that callers must show. */
    Token token() {
        return token;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the admin address does not end", e);
        }
    }
}
