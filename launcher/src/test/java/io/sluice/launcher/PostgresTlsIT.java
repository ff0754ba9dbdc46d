package io.sluice.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions over TLS with the primary of two PostgreSQL servers, of which Sluice sees no more than how they begin. */
class PostgresTlsIT {

    private static final String QUERY_CANCELED = "57014";
    private static final int SESSIONS = 20;

    private PostgresCluster cluster;
    private Path log;
    private Sluice sluice;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.create(directory, "dns:test");
        cluster = PostgresCluster.start(directory, 1, Map.of("ssl", "on",
                "ssl_cert_file", certificate.certificate().toString(), "ssl_key_file", certificate.key().toString()));
        log = directory.resolve("sessions.log");
        sluice = InProcess.launch("""
                workers: 2
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: tcp
                    inspect: postgres
                    pool: pool
                    role: primary
                    session-log: { file: %s, format: text }
                pools:
                  pool:
                    servers: [%s]
                    health-check: { type: postgres, user: postgres, timeout: 10s }
                    hold: 20s
                """.formatted(log, cluster.servers().stream()
                        .map(server -> "{ name: pg" + server.port() + ", address: 127.0.0.1:" + server.port() + " }")
                        .collect(Collectors.joining(", "))));
    }

    @AfterEach
    void stop() throws Exception {
        sluice.close();
        cluster.close();
    }

    @Test
    void cancelsAQueryOnThePrimary() throws Exception {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            CompletableFuture<String> sqlState = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> sqlState.complete(
                    assertThrows(SQLException.class, () -> statement.execute("SELECT pg_sleep(600)")).getSQLState()));
            await().atMost(20, SECONDS).until(() -> cluster.server(0).query("SELECT count(*) FROM pg_stat_activity "
                    + "JOIN pg_stat_ssl USING (pid) WHERE ssl AND query = 'SELECT pg_sleep(600)'").equals("1"));
            statement.cancel();
            assertEquals(QUERY_CANCELED, sqlState.get(20, SECONDS));
        }
        assertEquals(1, sluice.stats().sum(Counter.CANCELS_PASSED));
    }

    /** Not always, as a server may be faster to reset than its client to close, the more so on a busy host. */
    @Test
    void endsInGoodOrderAlthoughTheServerResets() throws Exception {
        for (int i = 0; i < SESSIONS; i++) {
            connect().close();
        }
        await().atMost(20, SECONDS).until(() -> Files.readAllLines(log).size() == SESSIONS);
        long orderly = Files.readAllLines(log).stream().filter(line -> line.contains(" -- ")).count();
        assertTrue(orderly > 0, "sessions that ended in good order");
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + InProcess.address(sluice).getPort()
                + "/postgres?user=postgres&connectTimeout=20&sslmode=require");
    }
}
