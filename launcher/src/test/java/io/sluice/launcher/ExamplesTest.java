package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.ListenerConfig;
import io.sluice.config.ProxyProtocolConfig.Accept;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shipped example runs as it is but for its addresses: servers and listeners move to loopback, with free ports,
 * and the private network 10.0.0.0/8 becomes the loopback network 127.0.0.0/8.
 */
class ExamplesTest {

    private static final Path EXAMPLES = ShippedFiles.HOME.resolve("config/examples");
    private static final Pattern PRIVATE_NETWORK = Pattern.compile("\\b10\\.(?=\\d+\\.)");
    private static final Pattern SERVER = Pattern.compile("name: ([^,\\s]+), address: [^,\\s]+");
    private static final Pattern ADDRESS_KEY = Pattern.compile("\\baddress:");
    private static final Pattern BIND_LINE = Pattern.compile(".*\\bbind: .*");
    private static final Pattern BIND_ADDRESS = Pattern.compile("(\\*|\\[::]|\\d+(\\.\\d+){3}):\\d+");

    @TempDir
    private Path directory;
    private final List<NamedServer> servers = new ArrayList<>();

    static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @AfterEach
    void stopServers() throws IOException {
        for (NamedServer server : servers) {
            server.close();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void leadsClientsThroughEachListener(String example) throws Exception {
        SluiceConfig config = onLoopback(example);
        assertFalse(servers.isEmpty());
        try (Sluice sluice = Sluice.launch(config)) {
            for (ListenerConfig listener : config.listeners()) {
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
        try (Sluice sluice = Sluice.launch(onLoopback("access-lists.yaml"))) {
            InetSocketAddress address = sluice.addresses("ledger").getFirst();
            assertServed("127.9.9.5", address, Accept.OFF);
            try (TestClient guest = TestClient.from("127.9.9.6", address)) {
                assertTrue(guest.awaitEndByReset());
            }
        }
    }

    @Test
    void refusesWhoComesToTheExampleOfProxyProtocolWithoutAHeader() throws Exception {
        try (Sluice sluice = Sluice.launch(onLoopback("proxy-protocol.yaml"));
             TestClient client = TestClient.to(sluice.addresses("mail").getFirst())) {
            client.send("EHLO\r\n");
            assertTrue(client.awaitEndByReset());
        }
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

    private SluiceConfig onLoopback(String example) throws IOException, ConfigException {
        String text = PRIVATE_NETWORK.matcher(Files.readString(EXAMPLES.resolve(example))).replaceAll("127.");
        long addresses = ADDRESS_KEY.matcher(text).results().count();
        text = SERVER.matcher(text).replaceAll(this::startServer);
        assertEquals(addresses, servers.size(), "a server's entry is written in a way that this test does not know");
        text = BIND_LINE.matcher(text).replaceAll(line -> BIND_ADDRESS.matcher(line.group()).replaceAll("127.0.0.1:0"));
        return ConfigParser.parse(text, example, directory);
    }

    private String startServer(MatchResult entry) {
        try {
            NamedServer server = NamedServer.start(entry.group(1));
            servers.add(server);
            return "name: " + entry.group(1) + ", address: 127.0.0.1:" + server.port();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
