package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.core.stats.Counter;
import io.sluice.core.worker.TlsEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Why clients get no TLS shows in counters, in the session log and, seldom enough, in the operational log. */
class TlsRefusalTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(TlsEntry.class);
    private static final String STRICT = "tls: { certificates: [{ chain: %1$s/shop-ec.pem, key: %1$s/shop-ec.key }], "
            .formatted(ShippedTls.CERTIFICATES) + "client-auth: { ca: %s/clients.pem }, ciphers: modern, "
            .formatted(ShippedTls.CERTIFICATES) + "min-version: \"1.3\", unknown-sni: reject }";

    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    @TempDir
    private Path directory;

    @BeforeEach
    void listen() {
        told.start();
        LOG.addAppender(told);
    }

    @AfterEach
    void listenNoMore() {
        LOG.detachAppender(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "tls"})
    void isInTheSessionLog(String inspect) throws Exception {
        Path log = directory.resolve("session.log");
        try (Sluice sluice = launch("protocol: tcp, session-log: { file: " + log + " }, inspect: " + inspect)) {
            refuse(sluice, "shop.example.com", "TLSv1.3");
            refuse(sluice, "other.example.com", "TLSv1.3");
            refuse(sluice, "shop.example.com", "TLSv1.2");
            await().until(() -> Files.readAllLines(log).size() == 3);
            List<String> reasons = List.of("tls-certificate", "tls-name", "tls-version");
            List<String> lines = Files.readAllLines(log);
            for (int i = 0; i < reasons.size(); i++) {
                assertTrue(lines.get(i).contains(" PR 0 refusal=" + reasons.get(i)), lines.get(i));
            }
            assertEquals(Map.of("tls-certificate", 1L, "tls-name", 1L, "tls-version", 1L), refused(sluice));
        }
    }

    @Test
    void isLoggedOnceAMinuteForEachReasonAndCountedAlways() throws Exception {
        try (Sluice sluice = launch("protocol: http")) {
            for (int i = 0; i < 5; i++) {
                refuse(sluice, "other.example.com", "TLSv1.3");
                try (HttpPeer plain = HttpPeer.to(sluice)) {
                    assertEquals(400, plain.get("/").status());
                }
            }
            await().untilAsserted(() -> assertEquals(Map.of("tls-name", 5L, "not-tls", 5L), refused(sluice)));
        }
        List<String> lines = told.list.stream().filter(event -> event.getLevel() == Level.INFO)
                .map(ILoggingEvent::getFormattedMessage).toList();
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getFirst().matches("listener in: no TLS with 127\\.0\\.0\\.1:\\d+, tls-name: .*"),
                lines::getFirst);
    }

    @Test
    void countsNobodyWhoOnlyGoesAway() throws Exception {
        try (Sluice sluice = launch("protocol: http")) {
            try (HttpPeer client = HttpPeer.to(sluice)) {
                client.send(new byte[] {22, 3, 1, 2, 0, 1, 0});
                client.leave();
            }
            await().until(() -> sluice.stats().sum(Counter.TLS_HANDSHAKES_FAILED) == 1);
            assertEquals(Map.of(), refused(sluice));
        }
        assertTrue(told.list.stream().noneMatch(event -> event.getLevel() == Level.INFO), told.list::toString);
    }

    private Sluice launch(String listenerKeys) throws Exception {
        return InProcess.launch("""
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, pool: pool, %s, %s }]
                pools: { pool: { servers: [{ name: none, address: "127.0.0.1:1" }] } }
                """.formatted(listenerKeys, STRICT));
    }

    private static void refuse(Sluice sluice, String serverName, String version) throws Exception {
        try (SSLSocket client = ShippedTls.anonymous().connect(InProcess.address(sluice), serverName)) {
            client.setEnabledProtocols(new String[] {version});
            assertThrows(IOException.class, () -> {
                client.startHandshake();
                // In TLS 1.3 the client is done before the server is.
                client.getInputStream().read();
            });
        }
    }

    private static Map<String, Long> refused(Sluice sluice) {
        return sluice.observer().current().listeners().getFirst().refused();
    }
}
