package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.ListenerConfig;
import io.sluice.config.ProxyProtocolConfig.Accept;
import io.sluice.config.parse.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shipped example of TCP runs; {@link HttpExamplesTest}, {@link TlsExamplesTest} and {@link FailoverExamplesTest}
 * have the others.
 */
class ExamplesTest {

    private static final byte[] POSTGRES_TLS_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};

    @TempDir
    private Path directory;

    static List<String> examples() throws IOException {
        return LoopbackExample.names(name -> !HttpExamplesTest.IS_OF_HTTP.test(name) && !name.startsWith("tls")
                && !FailoverExamplesTest.IS_OF_FAILOVER.test(name));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void leadsClientsThroughEachListener(String name) throws Exception {
        try (LoopbackExample example = example(name); Sluice sluice = example.launch()) {
            for (ListenerConfig listener : example.config().listeners()) {
                List<InetSocketAddress> addresses = sluice.addresses(listener.name());
                assertEquals(listener.bind().size(), addresses.size());
                for (InetSocketAddress address : addresses) {
                    assertServed("127.0.0.1", address, listener.proxyProtocol().accept());
                }
            }
        }
    }

    @Test
    void deniesWhomTheExampleOfAccessListsMeans() throws Exception {
        try (LoopbackExample example = example("access-lists.yaml"); Sluice sluice = example.launch()) {
            InetSocketAddress address = sluice.addresses("ledger").getFirst();
            assertServed("127.9.9.5", address, Accept.OFF);
            try (TestClient guest = TestClient.from("127.9.9.6", address)) {
                assertTrue(guest.awaitEndByReset());
            }
        }
    }

    @Test
    void boundsEachClientAsTheExampleOfAccessListsMeans() throws Exception {
        List<TestClient> clients = new ArrayList<>();
        try (LoopbackExample example = example("access-lists.yaml"); Sluice sluice = example.launch()) {
            InetSocketAddress address = sluice.addresses("ledger").getFirst();
            for (int i = 0; i < 20; i++) {
                TestClient client = TestClient.from("127.9.9.5", address);
                clients.add(client);
                client.askForName();
            }
            try (TestClient tooMany = TestClient.from("127.9.9.5", address)) {
                assertTrue(tooMany.awaitEndByReset());
            }
            assertServed("127.1.1.1", address, Accept.OFF);
        } finally {
            for (TestClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void refusesWhoComesToTheExampleOfProxyProtocolWithoutAHeader() throws Exception {
        try (LoopbackExample example = example("proxy-protocol.yaml"); Sluice sluice = example.launch();
             TestClient client = TestClient.to(sluice.addresses("mail").getFirst())) {
            client.send("EHLO\r\n");
            assertTrue(client.awaitEndByReset());
        }
    }

    @ParameterizedTest
    @CsvSource({"git.example.com, h2, git1", "code.example.com, h2, git1",
        "a.apps.example.com, http/1.1, app3", "example.com, h2, front1"})
    void routesTlsByNameAsTheExampleMeans(String serverName, String protocol, String server) throws Exception {
        TestTls tls = TestTls.in(directory);
        try (LoopbackExample example =
                     LoopbackExample.start("sni.yaml", tls.over(Conversation.ANSWER_LINES), directory);
             Sluice sluice = example.launch();
             SSLSocket client = tls.connect(sluice.addresses("tls").getFirst(), serverName, protocol)) {
            assertEquals(server + " hello", TestClient.on(client).ask("hello"));
        }
    }

    @ParameterizedTest
    @CsvSource({"orders.db.example.com, orders1", "x.db.example.com, legacy1"})
    void routesPostgresByNameAsTheExampleMeans(String serverName, String server) throws Exception {
        TestTls tls = TestTls.in(directory);
        Conversation postgres = (name, client) -> {
            client.getInputStream().readNBytes(POSTGRES_TLS_REQUEST.length);
            client.getOutputStream().write('S');
            tls.over(Conversation.ANSWER_LINES).hold(name, client);
        };
        try (LoopbackExample example = LoopbackExample.start("postgresql-sni.yaml", postgres, directory);
             Sluice sluice = example.launch(); Socket client = new Socket()) {
            client.connect(sluice.addresses("databases").getFirst());
            client.getOutputStream().write(POSTGRES_TLS_REQUEST);
            assertEquals('S', client.getInputStream().read());
            assertEquals(server + " hello", TestClient.on(tls.context().getSocketFactory()
                    .createSocket(client, serverName, client.getPort(), true)).ask("hello"));
        }
    }

    private LoopbackExample example(String name) throws IOException, ConfigException {
        return LoopbackExample.start(name, Conversation.ANSWER_LINES, directory);
    }

    private static void assertServed(String from, InetSocketAddress address, Accept proxyProtocol) throws IOException {
        try (TestClient client = TestClient.from(from, address)) {
            if (proxyProtocol == Accept.REQUIRED) {
                client.send("PROXY TCP4 198.51.100.7 198.51.100.1 4711 25\r\n");
            }
            client.send("hello\n");
            String answer = client.readLine();
            // A server that is sent a PROXY protocol header of version 2 takes it for lines, too.
            while (answer != null && !answer.endsWith("hello")) {
                answer = client.readLine();
            }
            assertTrue(answer != null, "not served from " + from + " at " + address);
        }
    }
}
