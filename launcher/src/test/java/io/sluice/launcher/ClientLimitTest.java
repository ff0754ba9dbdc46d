package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client gets no more connections at a time than {@code max-connections-per-client}, whatever others have. */
class ClientLimitTest {

    private static final String ONE = "127.0.0.1";
    private static final String TWO = "127.0.0.2";

    private final List<TestClient> clients = new ArrayList<>();
    private NamedServer server;
    private ReloadFixture fixture;

    @BeforeEach
    void startServer() throws Exception {
        server = NamedServer.start("server");
    }

    @AfterEach
    void stop() throws Exception {
        for (TestClient client : clients) {
            client.close();
        }
        if (fixture != null) {
            fixture.close();
        }
        server.close();
    }

    @Test
    void boundsEachAddressByItselfOverAllWorkers() throws Exception {
        launch("protocol: tcp, max-connections-per-client: 3");
        TestClient first = admitted(ONE);
        admitted(ONE);
        admitted(ONE);
        refused(ONE);
        admitted(TWO);
        admitted(TWO);
        admitted(TWO);
        refused(TWO);
        first.leave();
        await().until(() -> sluice().connections() == 5);
        refused(TWO);
        admitted(ONE);
        refused(ONE);
        assertEquals(4, sluice().stats().sum(Counter.CONNECTIONS_OVER_CLIENT_LIMIT));
        assertEquals(0, sluice().stats().sum(Counter.CONNECTIONS_DENIED));
        assertEquals(Map.of("client-limit", 4L), sluice().observer().current().listeners().getFirst().refused());
    }

    @Test
    void countsTheClientThatAHeaderNames() throws Exception {
        launch("protocol: tcp, max-connections-per-client: 1, "
                + "proxy-protocol: { accept: required, trusted: [127.0.0.0/8] }");
        // Nobody knows yet for whom these come.
        TestClient silent = client(ONE);
        TestClient slow = client(ONE);
        slow.send("PROXY TCP4 203.0.113.1");
        TestClient first = namedBy("203.0.113.1", ONE);
        assertEquals("server hello", first.readLine());
        assertTrue(namedBy("203.0.113.1", TWO).awaitEndByReset());
        assertEquals("server hello", namedBy("203.0.113.2", ONE).readLine());
        slow.send(" 192.0.2.1 1 2\r\nhello\n");
        assertTrue(slow.awaitEndByReset());
        silent.leave();
        first.leave();
        await().until(() -> sluice().connections() == 1);
        assertEquals("server hello", namedBy("203.0.113.1", ONE).readLine());
    }

    @Test
    void boundsHttpClientsByConnectionsAndNotByRequests() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice http = HttpSluice.launch("pool: pool, max-connections-per-client: 2",
                     HttpOrigin.entries(origin), "");
             HttpPeer first = HttpPeer.to(http); HttpPeer second = HttpPeer.to(http)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(200, first.get("/").status());
                assertEquals(200, second.get("/").status());
            }
            try (TestClient third = TestClient.from(ONE, InProcess.address(http));
                 TestClient other = TestClient.from(TWO, InProcess.address(http))) {
                assertTrue(third.awaitEndByReset());
                assertEquals("HTTP/1.1 200 OK\r", other.ask("GET / HTTP/1.1\r\nHost: test\r\n\r"));
            }
            first.leave();
            await().until(() -> http.connections() == 1);
            try (HttpPeer next = HttpPeer.to(http)) {
                assertEquals(200, next.get("/").status());
            }
        }
    }

    @Test
    void refusesATlsClientBeforeItsHandshakeAndReleasesOneWhoseHandshakeFails() throws Exception {
        launch("protocol: tcp, max-connections-per-client: 1, tls: { certificates: [{ chain: "
                + ShippedTls.CERTIFICATES.resolve("shop-ec.pem").toAbsolutePath() + ", key: "
                + ShippedTls.CERTIFICATES.resolve("shop-ec.key").toAbsolutePath() + " }] }");
        try (TestClient noTls = client(ONE)) {
            noTls.send("hello, this is no TLS\n");
            noTls.awaitEndByReset();
        }
        await().until(() -> sluice().connections() == 0);
        try (SSLSocket first = tls()) {
            first.startHandshake();
            try (SSLSocket second = tls()) {
                assertThrows(SocketException.class, second::startHandshake);
            }
        }
        // In TLS 1.3 the client is done before the server is.
        await().until(() -> sluice().stats().sum(Counter.TLS_HANDSHAKES) == 1);
        assertEquals(1, sluice().stats().sum(Counter.TLS_HANDSHAKES_FAILED));
    }

    @Test
    void followsAReload() throws Exception {
        launch("protocol: tcp, max-connections-per-client: 2");
        TestClient first = admitted(ONE);
        TestClient second = admitted(ONE);
        refused(ONE);
        reload("protocol: tcp, max-connections-per-client: 3");
        TestClient third = admitted(ONE);
        refused(ONE);
        reload("protocol: tcp, max-connections-per-client: 1");
        refused(ONE);
        assertEquals("server stays", first.ask("stays"));
        first.leave();
        second.leave();
        await().until(() -> sluice().connections() == 1);
        refused(ONE);
        third.leave();
        await().until(() -> sluice().connections() == 0);
        admitted(ONE);
        refused(ONE);
    }

    @Test
    void countsConnectionsThatAreOlderThanTheLimit() throws Exception {
        launch("protocol: tcp");
        TestClient first = admitted(ONE);
        TestClient second = admitted(ONE);
        TestClient other = admitted(TWO);
        reload("protocol: tcp, max-connections-per-client: 2");
        refused(ONE);
        admitted(TWO);
        refused(TWO);
        first.leave();
        await().until(() -> sluice().connections() == 3);
        admitted(ONE);
        refused(ONE);
        reload("protocol: tcp");
        TestClient third = admitted(ONE);
        reload("protocol: tcp, max-connections-per-client: 3");
        refused(ONE);
        second.leave();
        third.leave();
        other.leave();
        await().until(() -> sluice().connections() == 2);
        admitted(ONE);
        admitted(ONE);
        refused(ONE);
    }

    private void launch(String keys) throws Exception {
        fixture = ReloadFixture.launch(yaml(keys));
    }

    private void reload(String keys) throws Exception {
        assertTrue(fixture.reload(yaml(keys)).isPresent());
    }

    private String yaml(String keys) {
        return """
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, pool: pool, session-log: off, %s }]
                pools: { pool: { servers: %s } }
                """.formatted(keys, NamedServer.entries(server));
    }

    private Sluice sluice() {
        return fixture.sluice();
    }

    private TestClient admitted(String from) throws IOException {
        TestClient client = client(from);
        assertEquals("server hello", client.ask("hello"));
        return client;
    }

    private void refused(String from) throws IOException {
        try (TestClient client = client(from)) {
            assertTrue(client.awaitEndByReset());
        }
    }

    private TestClient namedBy(String client, String from) throws IOException {
        TestClient proxy = client(from);
        proxy.send("PROXY TCP4 " + client + " 192.0.2.1 1 2\r\nhello\n");
        return proxy;
    }

    private TestClient client(String from) throws IOException {
        TestClient client = TestClient.from(from, address());
        clients.add(client);
        return client;
    }

    private SSLSocket tls() throws Exception {
        return ShippedTls.anonymous().connect(address(), "shop.example.com");
    }

    private InetSocketAddress address() {
        return fixture.address("in");
    }
}
