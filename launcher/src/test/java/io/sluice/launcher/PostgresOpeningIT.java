package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigParser;
import io.sluice.core.stats.Counter;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL and its usual Java client, with Sluice taking part in what they say first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresOpeningIT {

    private static final String QUERY_CANCELED = "57014";
    private static final String INVALID_AUTHORIZATION = "28000";

    private final List<EmbeddedPostgres> plain = new ArrayList<>();
    private final List<EmbeddedPostgres> encrypted = new ArrayList<>();
    private Path directory;
    private Path log;
    private Sluice sluice;

    @BeforeAll
    void startServers(@TempDir Path shared) throws Exception {
        directory = shared;
        TestCertificate certificate = TestCertificate.create(directory, "dns:test");
        for (int i = 0; i < 3; i++) {
            plain.add(EmbeddedPostgres.builder().setPort(LoopbackPorts.free()).start());
        }
        for (int i = 0; i < 2; i++) {
            encrypted.add(EmbeddedPostgres.builder().setPort(LoopbackPorts.free())
                    .setServerConfig("ssl", "on")
                    .setServerConfig("ssl_cert_file", certificate.certificate().toString())
                    .setServerConfig("ssl_key_file", certificate.key().toString()).start());
        }
    }

    @AfterEach
    void stopSluice() {
        sluice.close();
    }

    @AfterAll
    void stopServers() throws IOException {
        for (EmbeddedPostgres server : plain) {
            server.close();
        }
        for (EmbeddedPostgres server : encrypted) {
            server.close();
        }
    }

    /** A query that runs until it is cancelled. */
    private static final class Sleeper {

        private final Connection connection;
        private final Statement statement;
        private final int port;
        private final CompletableFuture<String> sqlState = new CompletableFuture<>();

        Sleeper(Connection connection) throws SQLException {
            this.connection = connection;
            port = port(connection);
            statement = connection.createStatement();
            Thread.ofVirtual().start(() -> {
                try {
                    statement.execute("SELECT pg_sleep(600)");
                    sqlState.complete("none");
                } catch (SQLException e) {
                    sqlState.complete(e.getSQLState());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "prefer"})
    void cancelsTheQueryThatIsMeant(String sslMode) throws Exception {
        launchOverPlainServers();
        List<Sleeper> sleepers = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            sleepers.add(new Sleeper(connect("127.0.0.1", sslMode)));
        }
        assertEquals(ports(plain), portsOf(sleepers));
        await().atMost(Duration.ofSeconds(20)).until(() -> sleeping() == sleepers.size());
        while (!sleepers.isEmpty()) {
            // From the middle, so that the first server is not always the right one.
            Sleeper sleeper = sleepers.remove(sleepers.size() / 2);
            sleeper.statement.cancel();
            assertEquals(QUERY_CANCELED, sleeper.sqlState.get());
            assertEquals(sleepers.size(), sleeping());
            assertTrue(sleepers.stream().noneMatch(other -> other.sqlState.isDone()));
            assertEquals(sleeper.port, port(sleeper.connection));
            sleeper.connection.close();
        }
        assertEquals(9, sluice.stats().sum(Counter.CANCELS_PASSED));
        assertEquals(0, sluice.stats().sum(Counter.CANCELS_UNKNOWN));
    }

    @Test
    void cancelsAQueryThatIsOlderThanAReload() throws Exception {
        launchOverPlainServers();
        List<Sleeper> sleepers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sleepers.add(new Sleeper(connect("127.0.0.1", "disable")));
        }
        assertEquals(ports(plain), portsOf(sleepers));
        await().atMost(Duration.ofSeconds(20)).until(() -> sleeping() == sleepers.size());
        // Another service of the listener, and of the pool only one server is left.
        String next = config("max-connections: 100\n    pool: pool", Map.of("pool", plain.subList(0, 1)));
        sluice.control().reload(ConfigParser.load(next, "test.yaml", directory), "test.yaml");
        for (Sleeper sleeper : sleepers) {
            sleeper.statement.cancel();
            assertEquals(QUERY_CANCELED, sleeper.sqlState.get());
            sleeper.connection.close();
        }
        assertEquals(3, sluice.stats().sum(Counter.CANCELS_PASSED));
        try (Connection later = connect("127.0.0.1", "disable")) {
            assertEquals(plain.getFirst().getPort(), port(later));
        }
    }

    @Test
    void cancelsAQueryOfWhicheverRoute() throws Exception {
        launch("routes: [{ match: { sni: a.db.test }, pool: a }, { pool: plain }]",
                Map.of("a", encrypted, "plain", plain));
        try (Connection connection = connect("127.0.0.1", "disable")) {
            Sleeper sleeper = new Sleeper(connection);
            await().atMost(Duration.ofSeconds(20)).until(() -> sleeping() == 1);
            sleeper.statement.cancel();
            assertEquals(QUERY_CANCELED, sleeper.sqlState.get(20, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "prefer"})
    void logsWhoTheClientIs(String sslMode) throws Exception {
        launchOverPlainServers();
        try (Connection connection = DriverManager.getConnection(
                url("127.0.0.1", sslMode) + "&ApplicationName=the orders&assumeMinServerVersion=9.0")) {
            port(connection);
        }
        assertTrue(logged().contains("\"user\":\"postgres\",\"database\":\"postgres\",\"application\":\"the orders\"}"),
                this::logged);
    }

    @Test
    void refusesGssEncryptionAndGoesOn() throws Exception {
        launchOverPlainServers();
        try (Connection connection = DriverManager.getConnection(
                url("127.0.0.1", "prefer") + "&gssEncMode=prefer")) {
            assertTrue(ports(plain).contains(port(connection)));
        }
    }

    @Test
    void passesTlsThroughWithoutRoutesByName() throws Exception {
        launch("pool: pool", Map.of("pool", encrypted));
        try (Connection connection = connect("127.0.0.1", "require")) {
            assertTrue(isEncrypted(connection));
        }
        assertFalse(logged().contains("\"user\""), this::logged);
    }

    @Test
    void routesByTheNameBehindTheRequestForTls() throws Exception {
        launch("routes: [{ match: { sni: a.db.test }, pool: a }, { match: { sni: '*.db.test' }, pool: b }, "
                + "{ pool: plain }]",
                Map.of("a", encrypted.subList(0, 1), "b", encrypted.subList(1, 2), "plain", plain));
        try (Connection toA = connect("a.db.test", "require"); Connection toB = connect("b.db.test", "prefer");
             Connection other = connect("127.0.0.1", "disable")) {
            assertEquals(encrypted.get(0).getPort(), port(toA));
            assertTrue(isEncrypted(toA));
            assertEquals(encrypted.get(1).getPort(), port(toB));
            assertTrue(isEncrypted(toB));
            assertTrue(ports(plain).contains(port(other)));
        }
        await().until(() -> logged().lines().count() == 3);
        assertTrue(logged().contains("\"sni\":\"a.db.test\"") && logged().contains("\"sni\":\"b.db.test\""),
                this::logged);
    }

    @Test
    void saysInTheLogThatAServerHasNoTls() throws Exception {
        launch("routes: [{ match: { sni: a.db.test }, pool: plain }]", Map.of("plain", plain));
        assertThrows(SQLException.class, () -> connect("a.db.test", "require"));
        assertTrue(logged().contains("\"termination\":\"PH\",\"retries\":0,\"refusal\":\"server-without-tls\","
                + "\"sni\":\"a.db.test\""), this::logged);
    }

    @Test
    void endsTlsInFrontOfServersWithoutIt() throws Exception {
        launch("""
                tls: { certificates: [{ chain: %1$s/db.pem, key: %1$s/db.key }] }
                    pool: pool""".formatted(ShippedTls.CERTIFICATES), Map.of("pool", plain));
        String verified = "verify-full&sslrootcert=" + ShippedTls.CERTIFICATES.resolve("test-ca.pem");
        for (String negotiation : List.of("postgres", "direct")) {
            String mode = verified + "&sslNegotiation=" + negotiation;
            try (Connection connection = connect("db.example.com", mode)) {
                assertFalse(isEncrypted(connection), "on the server's side");
                Sleeper sleeper = new Sleeper(connection);
                await().atMost(Duration.ofSeconds(20)).until(() -> sleeping() == 1);
                sleeper.statement.cancel();
                assertEquals(QUERY_CANCELED, sleeper.sqlState.get());
            }
        }
        assertThrows(SQLException.class, () -> connect("other.example.com", verified));
        SQLException plainly = assertThrows(SQLException.class, () -> connect("db.example.com", "disable"));
        assertEquals(INVALID_AUTHORIZATION, plainly.getSQLState());
        assertTrue(plainly.getMessage().startsWith("FATAL: TLS is required here"), plainly.getMessage());
        await().until(() -> sluice.stats().sum(Counter.OPENINGS_REFUSED) == 1);
        assertTrue(sluice.stats().sum(Counter.TLS_HANDSHAKES) >= 2);
    }

    private void launchOverPlainServers() throws Exception {
        launch("pool: pool", Map.of("pool", plain));
    }

    private void launch(String routes, Map<String, List<EmbeddedPostgres>> pools) throws Exception {
        log = directory.resolve("sessions-" + System.nanoTime() + ".log");
        sluice = InProcess.launch(config(routes, pools));
    }

    private String config(String routes, Map<String, List<EmbeddedPostgres>> pools) {
        StringBuilder sections = new StringBuilder();
        pools.forEach((name, servers) -> {
            sections.append("  ").append(name).append(":\n    servers:\n");
            servers.forEach(server -> sections.append("      - { name: s").append(server.getPort())
                    .append(", address: 127.0.0.1:").append(server.getPort()).append(" }\n"));
        });
        return """
                workers: 2
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: tcp
                    inspect: postgres
                    session-log: { file: %s, format: json }
                    %s
                pools:
                %s
                """.formatted(log, routes, sections);
    }

    private Connection connect(String host, String sslMode) throws SQLException {
        return DriverManager.getConnection(url(host, sslMode));
    }

    private String url(String host, String sslMode) {
        return "jdbc:postgresql://" + host + ":5432/postgres?user=postgres&connectTimeout=20&sslmode=" + sslMode
                + "&socketFactory=io.sluice.launcher.SocketTo&socketFactoryArg="
                + InProcess.address(sluice).getPort();
    }

    /** Which server a connection has ended up on. */
    private static int port(Connection connection) throws SQLException {
        return number(connection, "SELECT inet_server_port()");
    }

    private static boolean isEncrypted(Connection connection) throws SQLException {
        return number(connection, "SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl") == 1;
    }

    /** How many queries sleep on all servers. */
    private int sleeping() throws SQLException {
        int sleeping = 0;
        for (EmbeddedPostgres server : plain) {
            try (Connection direct = server.getPostgresDatabase().getConnection()) {
                sleeping += number(direct, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND "
                        + "query = 'SELECT pg_sleep(600)'");
            }
        }
        return sleeping;
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static Set<Integer> ports(List<EmbeddedPostgres> servers) {
        Set<Integer> ports = new HashSet<>();
        servers.forEach(server -> ports.add(server.getPort()));
        return ports;
    }

    private static Set<Integer> portsOf(List<Sleeper> sleepers) {
        Set<Integer> ports = new HashSet<>();
        sleepers.forEach(sleeper -> ports.add(sleeper.port));
        return ports;
    }

    private String logged() {
        await().until(() -> Files.exists(log) && Files.size(log) > 0);
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
