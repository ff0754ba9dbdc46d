package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS is passed through to the pool that the client's server name and protocols ask for. */
class SniRoutingTest {

    private static TestTls tls;

    @TempDir
    private Path directory;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void makeKey(@TempDir Path keys) throws Exception {
        tls = TestTls.in(keys);
    }

    @BeforeEach
    void startServers() throws IOException {
        for (String name : List.of("exact", "wildcard", "longer", "alpn")) {
            open.add(NamedServer.start(name, tls.over(Conversation.ANSWER_LINES)));
        }
        open.add(NamedServer.start("plain", (name, client) -> {
            client.getOutputStream().write("hello from plain\n".getBytes(StandardCharsets.US_ASCII));
            Conversation.ANSWER_LINES.hold(name, client);
        }));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "orders.example.com,      ,           exact",
        "ORDERS.Example.COM,      ,           exact",
        "orders.example.com,      h2,         exact",
        "orders.example.com,      postgresql, exact",
        "carts.deep.example.com,  ,           exact",
        "x.carts.test,            ,           exact",
        "x.example.com,           ,           wildcard",
        "x.y.example.com,         ,           wildcard",
        "x.deep.example.com,      ,           longer",
        "other.test,              postgresql, alpn",
        ",                        postgresql, alpn"})
    void routesByNameAndProtocol(String serverName, String protocol, String server) throws Exception {
        Sluice sluice = launch("");
        assertEquals(server + " hi", ask(sluice, serverName, protocol));
    }

    @Test
    void resetsWhomNoRouteTakes() throws Exception {
        Sluice sluice = launch("");
        assertThrows(IOException.class, () -> ask(sluice, "nobody.test", "h2"));
        assertTrue(logged().endsWith(" <NOROUTE>/<NOSRV> -1/-1/" + total() + " 0/0 PR 0 refusal=no-route"
                + " sni=nobody.test"), logged());
        assertEquals(1, sluice.stats().sum(Counter.NO_ROUTE));
    }

    @Test
    void passesAClientOnWhoseHelloComesInPieces() throws Exception {
        Sluice sluice = launch("");
        Socket pieces = new Pieces(InProcess.address(sluice));
        open.add(pieces);
        SSLSocket client = (SSLSocket) tls.context().getSocketFactory().createSocket(pieces, "x.example.com", 1, true);
        assertEquals("wildcard hi", ask(client));
    }

    @Test
    void logsTheNameThatTheClientAskedFor() throws Exception {
        Sluice sluice = launch("");
        ask(sluice, "Orders.example.com", null);
        assertTrue(logged().contains(" exact/exact ") && logged().endsWith(" sni=orders.example.com"), logged());
    }

    @Test
    void servesOthersByTheRouteWithoutConditions() throws Exception {
        Sluice sluice = launch("- { pool: plain }");
        try (TestClient client = TestClient.to(InProcess.address(sluice))) {
            client.send("hi\n");
            assertEquals("hello from plain", client.readLine());
            assertEquals("plain hi", client.readLine());
        }
    }

    @Test
    void servesWhoWaitsForTheServerToSpeakWhenTheTimeIsOver() throws Exception {
        Sluice sluice = launch("- { pool: plain }", "50ms");
        try (TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("hello from plain", client.readLine());
        }
    }

    @Test
    void servesAtOnceWhoWillNotSendAnything() throws Exception {
        Sluice sluice = launch("- { pool: plain }");
        try (TestClient client = TestClient.to(InProcess.address(sluice))) {
            client.finish();
            assertEquals("hello from plain", client.readLine());
            assertTrue(!client.awaitEndByReset());
        }
    }

    @ParameterizedTest
    @CsvSource({"false, cR", "true, PR"})
    void resetsOthersIfThereIsNoSuchRoute(boolean speaks, String termination) throws Exception {
        Sluice sluice = launch("", speaks ? "1h" : "50ms");
        try (TestClient client = TestClient.to(InProcess.address(sluice))) {
            if (speaks) {
                client.send("hello\n");
            }
            assertTrue(client.awaitEndByReset());
        }
        assertTrue(logged().endsWith(" " + termination + " 0 refusal=no-route"), logged());
    }

    @Test
    void findsTheHelloBehindAProxyHeaderAndSendsOne() throws Exception {
        NamedServer server = NamedServer.start("behind", (name, client) -> {
            StringBuilder header = new StringBuilder();
            for (int octet = client.getInputStream().read(); octet != '\n'; octet = client.getInputStream().read()) {
                header.append((char) octet);
            }
            tls.over(Conversation.ANSWER_LINES).hold(header.toString().strip(), client);
        });
        open.add(server);
        Sluice sluice = InProcess.launch("""
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: tcp
                    session-log: off
                    proxy-protocol: { accept: required, trusted: [127.0.0.1] }
                    routes: [{ match: { sni: a.test }, pool: pool }]
                pools: { pool: { send-proxy-protocol: v1, servers: [%s] } }
                """.formatted(server.entry("")));
        open.add(sluice);
        Socket plain = new Socket();
        open.add(plain);
        plain.connect(InProcess.address(sluice));
        plain.getOutputStream()
                .write("PROXY TCP4 192.0.2.1 192.0.2.2 1111 443\r\n".getBytes(StandardCharsets.US_ASCII));
        SSLSocket client = (SSLSocket) tls.context().getSocketFactory().createSocket(plain, "a.test", 443, true);
        assertEquals("PROXY TCP4 192.0.2.1 192.0.2.2 1111 443 hi", ask(client));
    }

    private Sluice launch(String furtherRoute) throws Exception {
        return launch(furtherRoute, "1h");
    }

    private Sluice launch(String furtherRoute, String inspect) throws Exception {
        StringBuilder pools = new StringBuilder();
        List<String> names = List.of("exact", "wildcard", "longer", "alpn", "plain");
        for (int i = 0; i < names.size(); i++) {
            NamedServer server = (NamedServer) open.get(i);
            pools.append("  ").append(names.get(i)).append(": { servers: [").append(server.entry("")).append("] }\n");
        }
        Sluice sluice = InProcess.launch("""
                workers: 2
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: tcp
                    session-log: { file: sessions.log }
                    timeouts: { inspect: %s }
                    routes:
                      - { match: { sni: "*.example.com" }, pool: wildcard }
                      - { match: { sni: "*.deep.example.com" }, pool: longer }
                      - { match: { sni: orders.example.com, alpn: never }, pool: wildcard }
                      - { match: { sni: [orders.example.com, carts.deep.example.com, "*.carts.test"] }, pool: exact }
                      - { match: { alpn: [other, postgresql] }, pool: alpn }
                      %s
                pools:
                %s
                """.formatted(inspect, furtherRoute, pools), directory);
        open.add(sluice);
        return sluice;
    }

    private static String ask(Sluice sluice, String serverName, String protocol) throws IOException {
        String[] protocols = protocol == null ? new String[0] : new String[] {"x", protocol};
        return ask(tls.connect(InProcess.address(sluice), serverName, protocols));
    }

    private static String ask(SSLSocket client) throws IOException {
        try (client) {
            client.getOutputStream().write("hi\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            for (int octet = client.getInputStream().read(); octet != '\n'; octet = client.getInputStream().read()) {
                if (octet < 0) {
                    throw new SocketException("no answer");
                }
                answer.append((char) octet);
            }
            return answer.toString();
        }
    }

    private String logged() throws IOException {
        Path log = directory.resolve("sessions.log");
        await().until(() -> Files.exists(log) && Files.readString(log).endsWith("\n"));
        return Files.readString(log).strip();
    }

    private String total() throws IOException {
        return logged().replaceAll(".* -1/-1/(\\d+) .*", "$1");
    }

    /** A client's connection that sends byte by byte. */
    private static final class Pieces extends Socket {

        Pieces(InetSocketAddress address) throws IOException {
            super(address.getAddress(), address.getPort());
            setTcpNoDelay(true);
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            OutputStream whole = super.getOutputStream();
            return new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    whole.write(octet);
                }
            };
        }
    }
}
