package io.sluice.launcher;

import ch.qos.logback.classic.Level;
import io.sluice.config.HttpListenerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.config.parse.LoadedConfig;
import io.sluice.launcher.control.LaunchException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves requests of its own before this process takes over from another one, so that the JVM has compiled by then what
 * serves clients. All of the other process's clients come at once, and would meet code that is still interpreted.
 *
 * <p>A second Sluice, with one worker, stands between a blocking client and a blocking server of the JDK. These share
 * no code with it, so that what the JVM learns about Sluice's code is as with real peers.
 *
 * <p>Used once, by the main thread.
 */
final class Rehearsal {

    /** After some 7,000 calls the JVM has optimized a method; see the settings in the script {@code sluice}. */
    private static final int REQUESTS = 8_000;
    /** Fewer, since they take several times as long: the JVM compiles what they need, if with few optimizations. */
    private static final int CONNECTIONS = 2_500;
    private static final int REQUESTS_PER_CONNECTION = 2;
    /** For one kind of listeners. Mostly it is enough for four fifths or all: each request wakes four threads. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private static final String CONFIG = """
            workers: 1
            listeners:
              - { name: http, bind: "127.0.0.1:0", protocol: http, pool: origin, access-log: { file: /dev/null } }
              - { name: tcp, bind: "127.0.0.1:0", protocol: tcp, pool: origin, session-log: { file: /dev/null } }
            pools:
              origin: { servers: [{ name: origin, address: "127.0.0.1:%d" }] }
            """;
    private static final byte[] REQUEST = """
            GET /rehearsal HTTP/1.1\r
            Host: rehearsal\r
            User-Agent: rehearsal\r
            Accept: */*\r
            \r
            """.getBytes(StandardCharsets.US_ASCII);
    private static final char REQUEST_END = '\n';
    private static final char RESPONSE_END = '!';
    private static final byte[] RESPONSE = """
            HTTP/1.1 200 OK\r
            Server: rehearsal\r
            Content-Type: text/plain\r
            Content-Length: 128\r
            \r
            %s%c""".formatted("x".repeat(127), RESPONSE_END).getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private final int requests;
    private final int connections;
    private final Duration longest;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int answered;

    Rehearsal() {
        this(REQUESTS, CONNECTIONS, LONGEST);
    }

    /**
     * @param requests    on one connection
     * @param connections more, each for a few requests
     * @param longest     for one kind of listeners
     */
    Rehearsal(int requests, int connections, Duration longest) {
        this.requests = requests;
        this.connections = connections;
        this.longest = longest;
    }

    /**
     * Rehearses for the kinds of listeners that the configuration has. Without success, or not to the end, clients are
     * served all the same.
     *
     * @return the number of requests that were answered
     */
    int perform(SluiceConfig config) throws InterruptedException {
        long startNs = System.nanoTime();
        try (ServerSocket origin = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
             Sluice sluice = launchQuietly(origin.getLocalPort())) {
            start("rehearsal-origin", () -> serve(origin));
            if (config.listeners().stream().anyMatch(HttpListenerConfig.class::isInstance)) {
                askAll(sluice.addresses("http").getFirst());
            }
            if (config.listeners().stream().anyMatch(TcpListenerConfig.class::isInstance)) {
                askAll(sluice.addresses("tcp").getFirst());
            }
            LOG.info("rehearsal: {} requests in {} ms, so that the first clients need not wait for the JVM's compilers",
                    answered, Duration.ofNanos(System.nanoTime() - startNs).toMillis());
        } catch (IOException | ConfigException | LaunchException | RuntimeException e) {
            LOG.warn("rehearsal: it failed after {} requests", answered, e);
        }
        return answered;
    }

    /** Its listeners and servers would puzzle whoever reads the log. */
    private static Sluice launchQuietly(int originPort)
            throws ConfigException, LaunchException, InterruptedException {
        LoadedConfig loaded = ConfigParser.load(CONFIG.formatted(originPort), "rehearsal", Path.of(""));
        ch.qos.logback.classic.Logger all =
                (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level level = all.getLevel();
        all.setLevel(Level.WARN);
        try {
            return Sluice.launch(loaded, "rehearsal");
        } finally {
            all.setLevel(level);
        }
    }

    private void askAll(InetSocketAddress listener) throws IOException {
        long deadlineNs = System.nanoTime() + longest.toNanos();
        try {
            ask(listener, requests, deadlineNs);
            for (int i = 0; i < connections; i++) {
                ask(listener, REQUESTS_PER_CONNECTION, deadlineNs);
            }
        } catch (SocketTimeoutException e) {
            LOG.debug("rehearsal: the time for {} is over", listener);
        }
    }

    /** @throws SocketTimeoutException if the deadline has passed */
    private void ask(InetSocketAddress listener, int times, long deadlineNs) throws IOException {
        try (Socket socket = new Socket(listener.getAddress(), listener.getPort())) {
            socket.setTcpNoDelay(true);
            for (int i = 0; i < times; i++) {
                long leftMs = Duration.ofNanos(deadlineNs - System.nanoTime()).toMillis();
                if (leftMs <= 0) {
                    throw new SocketTimeoutException();
                }
                socket.setSoTimeout((int) leftMs);
                socket.getOutputStream().write(REQUEST);
                if (!readTo(RESPONSE_END, socket.getInputStream(), buffer)) {
                    throw new IOException("a connection was closed");
                }
                answered++;
            }
        }
    }

    /** What fails here must not end the process, as errors of other threads do. */
    private static void start(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name)
                .uncaughtExceptionHandler((_, error) -> LOG.warn("rehearsal: {} has failed", name, error)).start(work);
    }

    private static void serve(ServerSocket origin) {
        try {
            for (;;) {
                Socket socket = origin.accept();
                start("rehearsal-session", () -> serve(socket));
            }
        } catch (IOException e) {
            // The rehearsal is over.
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            byte[] buffer = new byte[BUFFER_BYTES];
            while (readTo(REQUEST_END, socket.getInputStream(), buffer)) {
                socket.getOutputStream().write(RESPONSE);
            }
        } catch (IOException e) {
            // The client sees a closed connection.
        }
    }

    /** Reads until bytes end with {@code last}. @return false if the end came first */
    private static boolean readTo(char last, InputStream in, byte[] buffer) throws IOException {
        int count;
        do {
            count = in.read(buffer);
        } while (count > 0 && buffer[count - 1] != last);
        return count > 0;
    }
}
