package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.ListenerConfig;
import io.sluice.config.ProxyProtocolConfig.Accept;
import io.sluice.config.parse.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shipped example of TCP runs; {@link HttpExamplesTest} and {@link FailoverExamplesTest} have the others. */
class ExamplesTest {

    @TempDir
    private Path directory;

    static List<String> examples() throws IOException {
        return LoopbackExample.names(
                name -> !name.startsWith("http") && !FailoverExamplesTest.IS_OF_FAILOVER.test(name));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void leadsClientsThroughEachListener(String name) throws Exception {
        try (LoopbackExample example = example(name); Sluice sluice = Sluice.launch(example.config())) {
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
        try (LoopbackExample example = example("access-lists.yaml"); Sluice sluice = Sluice.launch(example.config())) {
            InetSocketAddress address = sluice.addresses("ledger").getFirst();
            assertServed("127.9.9.5", address, Accept.OFF);
            try (TestClient guest = TestClient.from("127.9.9.6", address)) {
                assertTrue(guest.awaitEndByReset());
            }
        }
    }

    @Test
    void refusesWhoComesToTheExampleOfProxyProtocolWithoutAHeader() throws Exception {
        try (LoopbackExample example = example("proxy-protocol.yaml"); Sluice sluice = Sluice.launch(example.config());
             TestClient client = TestClient.to(sluice.addresses("mail").getFirst())) {
            client.send("EHLO\r\n");
            assertTrue(client.awaitEndByReset());
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
