package io.sluice.core.health;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.parse.ConfigParser;
import io.sluice.core.net.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProbeTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private ServerSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void sendsOneWholeRequest() throws Exception {
        answer("HTTP/1.1 200 OK\r\n\r\n");
        check("path: /healthz?deep=1, host: orders.internal");
        assertEquals("""
                GET /healthz?deep=1 HTTP/1.1
                Host: orders.internal
                User-Agent: Sluice (health check)
                Accept: */*
                Connection: close

                """.replace("\n", "\r\n"), requests.take());
    }

    @Test
    void asksForTheServersAddressIfNoHostIsGiven() throws Exception {
        answer("HTTP/1.1 200 OK\r\n\r\n");
        check("method: POST");
        String request = requests.take();
        assertTrue(request.startsWith("POST / HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort() + "\r\n"), request);
        assertTrue(request.contains("\r\nContent-Length: 0\r\n"), request);
    }

    @Test
    void sendsTheHeaderOfTheProxyProtocolFirst() throws Exception {
        answer("HTTP/1.1 200 OK\r\n\r\n");
        check("path: /", "send-proxy-protocol: v1");
        String request = requests.take();
        String expected = "(?s)PROXY TCP4 127\\.0\\.0\\.1 127\\.0\\.0\\.1 \\d+ \\d+\r\nGET / HTTP/1\\.1\r\n.*";
        assertTrue(request.matches(expected), request);
    }

    @Test
    void asksAPortOfItsOwnWithoutAHeaderOfTheProxyProtocol() throws Exception {
        answer("HTTP/1.1 200 OK\r\n\r\n");
        probe("port: " + server.getLocalPort(), "send-proxy-protocol: v1").check(Loopback.refusing(), LONG);
        String request = requests.take();
        assertTrue(request.startsWith("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort() + "\r\n"), request);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nall is ok",
        "HTTP/1.0 302 Found\nContent-Length: 9\n\nall is ok",
        "HTTP/1.1 200\r\n\r\nall is ok",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nall is ok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nall i\r\n4\r\ns ok\r\n0\r\n\r\n",
    })
    void acceptsAnAnswerAsExpected(String reply) throws Exception {
        answer(reply);
        assertDoesNotThrow(() -> check("expect: { status: [200, 300-399], body-contains: is ok }"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP/1.1 503 Busy~~~~is ok|status 503 instead of 200, 300-399",
        "HTTP/1.1 201 Made~~~~is ok|status 201 instead of 200, 300-399",
        "HTTP/1.1 200 OK~~~~broken|status 200, but the body does not contain the expected text",
        "HTTP/1.1 204 None~~~~is ok|status 204 instead of 200, 300-399",
        "HTTP/1.1 200 OK~~Content-Length: 50~~~~is ok|the connection ended before the answer did",
        "HTTP/1.1 200 OK~~Transfer-Encoding: chunked~~~~9~~is ok|the connection ended before the answer did",
        "HTTP/1.1 200 OK~~Transfer-Encoding: chunked~~~~is ok~~|the answer is not HTTP: bad chunk",
        "HTTP/1.1 200 OK~~Con|the connection ended before the answer did",
        "SSH-2.0-OpenSSH_9.2~~|the answer is not HTTP",
        "HTTP/1.1 2000 OK~~~~|the answer is not HTTP",
    })
    void saysWhyAnAnswerIsNotGood(String reply, String message) throws Exception {
        answer(reply.replace("~~", "\r\n"));
        assertEquals(message, failure("expect: { status: [200, 300-399], body-contains: is ok }"));
    }

    @Test
    void looksAtTheFirst64KibibytesOfABody() throws Exception {
        String filler = "x".repeat(64 * 1024 - 2);
        answer("HTTP/1.1 200 OK\r\n\r\n" + filler + "ok");
        assertDoesNotThrow(() -> check("expect: { body-contains: ok }"));
        answer("HTTP/1.1 200 OK\r\n\r\n" + filler + "-ok");
        assertThrows(IOException.class, () -> check("expect: { body-contains: ok }"));
    }

    @Test
    void refusesAnEndlessHead() throws Exception {
        answer("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(20_000));
        assertEquals("the head of the answer is larger than 64 KiB", failure("path: /"));
    }

    @Test
    void expectsNoBodyOfAnAnswerToHead() throws Exception {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        assertDoesNotThrow(() -> check("method: HEAD"));
    }

    @Test
    void endsAtTheTimeoutThoughBytesTrickleIn() {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                while (true) {
                    socket.getOutputStream().write('H');
                    Thread.sleep(5);
                }
            } catch (IOException | InterruptedException e) {
                // The check has ended.
            }
        });
        IOException failure = assertThrows(IOException.class,
                () -> probe("path: /", "retries: 1").check(address(), Duration.ofMillis(100)));
        assertEquals("no whole answer within 100 ms", failure.getMessage());
    }

    @Test
    void saysThatAConnectionIsRefused() throws Exception {
        server.close();
        assertEquals("connection refused", failure("path: /"));
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), server.getLocalPort());
    }

    private String failure(String keys) {
        return assertThrows(IOException.class, () -> check(keys)).getMessage();
    }

    private void check(String keys) throws Exception {
        check(keys, "retries: 1");
    }

    private void check(String keys, String poolKey) throws Exception {
        probe(keys, poolKey).check(address(), LONG);
    }

    private static HttpProbe probe(String keys, String poolKey) throws Exception {
        PoolConfig pool = ConfigParser.load("""
                listeners: [{ name: a, protocol: tcp, bind: 127.0.0.1:1, pool: p }]
                pools: { p: { servers: [{ name: s, address: "s:1" }], health-check: { type: http, %s }, %s } }
                """.formatted(keys, poolKey), "c.yaml", Path.of("/")).config().pool("p");
        return new HttpProbe(pool, (HealthCheckConfig.Http) pool.healthCheck().orElseThrow());
    }

    /** Takes one connection, reads a request to its empty line and answers. */
    private void answer(String reply) {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) socket.getInputStream().read());
                }
                requests.add(request.toString());
                socket.getOutputStream().write(reply.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The check has ended before.
            }
        });
    }
}
