package io.sluice.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.Role;
import io.sluice.core.pool.ServerState;
import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sluice speaks TLS with a PostgreSQL server that lets nobody in without, and without a certificate. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresServerTlsIT {

    private static final String QUERY_CANCELED = "57014";
    private static final Path CERTIFICATES = ShippedTls.CERTIFICATES;
    private static final String TLS = ("tls: { ca: %1$s/test-ca.pem, server-name: db.example.com, "
            + "client-certificate: { chain: %1$s/me.pem, key: %1$s/me.key } }").formatted(CERTIFICATES);
    /** The same for pools whose health check does not tell what their servers are. */
    private static final String POSTGRES_TLS = TLS.replace("{ ca", "{ negotiation: postgres, ca");
    /** Logs in, and begins TLS as PostgreSQL's clients do, without a word of it. */
    private static final String CHECK = "health-check: { type: postgres, user: postgres, timeout: 10s }";
    private static final String ENDS_TLS = "tls: { certificates: [{ chain: %1$s/db.pem, key: %1$s/db.key }] }"
            .formatted(CERTIFICATES);

    private PostgresServer strict;
    private PostgresServer plain;
    private Path log;
    private Sluice sluice;

    @BeforeAll
    void startServers(@TempDir Path directory) throws Exception {
        Path key = Files.copy(CERTIFICATES.resolve("db.key"), directory.resolve("server.key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        strict = PostgresServer.start(directory.resolve("strict"), Map.of("ssl", "on",
                "ssl_cert_file", CERTIFICATES.resolve("db.pem").toString(), "ssl_key_file", key.toString(),
                "ssl_ca_file", CERTIFICATES.resolve("test-ca.pem").toString()));
        strict.execute("CREATE ROLE scram LOGIN PASSWORD 's3cret'");
        strict.admitOnly("""
                hostssl all scram 127.0.0.1/32 scram-sha-256 clientcert=verify-ca
                hostssl all all   127.0.0.1/32 trust         clientcert=verify-ca""");
        await().atMost(20, SECONDS).untilAsserted(
                () -> assertThrows(SQLException.class, () -> strict.connect().close()));
        plain = PostgresServer.start(directory.resolve("plain"), Map.of());
        log = directory.resolve("sessions.log");
    }

    @AfterEach
    void stopSluice() throws IOException {
        sluice.close();
        Files.deleteIfExists(log);
    }

    @AfterAll
    void stopServers() throws IOException {
        strict.close();
        plain.close();
    }

    @Test
    void encryptsAnewWhatClientsEncrypt() throws Exception {
        launch(ENDS_TLS, TLS + "\n    " + CHECK, strict);
        assertEquals(ServerState.UP, InProcess.state(sluice, "s0"));
        assertEquals(Role.PRIMARY, InProcess.server(sluice, "s0").role());
        try (Connection connection = connect("verify-full&sslrootcert=" + CERTIFICATES.resolve("test-ca.pem"))) {
            assertEquals("true /CN=balancer", one(connection,
                    "SELECT ssl || ' ' || client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
            assertEquals("x".repeat(5_000_000), one(connection, "SELECT repeat('x', 5000000)"));
        }
    }

    /** Which clients prove by what is called channel binding. */
    @Test
    void mayShowTheServersOwnCertificate() throws Exception {
        launch(ENDS_TLS, TLS + "\n    " + CHECK, strict);
        try (Connection connection = connect("require", "scram&password=s3cret&channelBinding=require")) {
            assertEquals("scram", one(connection, "SELECT current_user"));
        }
    }

    @Test
    void letsClientsInThatDoNotCareForTheServersCertificate() throws Exception {
        launch(ENDS_TLS.replace("/db.", "/shop."), TLS + "\n    " + CHECK, strict);
        assertThrows(SQLException.class, () -> connect("require", "scram&password=s3cret&channelBinding=require"));
        try (Connection connection = connect("require", "scram&password=s3cret&channelBinding=disable")) {
            assertEquals("scram", one(connection, "SELECT current_user"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "prefer"})
    void encryptsWhatClientsDoNot(String sslMode) throws Exception {
        launch("", TLS + "\n    " + CHECK, strict);
        try (Connection connection = connect(sslMode)) {
            assertEquals("t", one(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
        }
        assertThrows(SQLException.class, () -> connect("require"));
    }

    /** As libpq would break off: without TLS, it must not be offered what is bound to it. */
    @Test
    void offersClientsWithoutTlsOnlyLoginsThatDoWithout() throws Exception {
        launch("", TLS + "\n    " + CHECK, strict);
        byte[] startup = "\0\0\0&\0\3\0\0user\0scram\0database\0postgres\0\0"
                .getBytes(StandardCharsets.ISO_8859_1);
        try (Socket client = new Socket()) {
            client.setSoTimeout(20_000);
            client.connect(InProcess.address(sluice));
            client.getOutputStream().write(startup);
            byte[] expected = "R\0\0\0\027\0\0\0\nSCRAM-SHA-256\0\0".getBytes(StandardCharsets.ISO_8859_1);
            assertArrayEquals(expected, client.getInputStream().readNBytes(expected.length));
        }
        try (Connection connection = connect("disable", "scram&password=s3cret")) {
            assertEquals("scram", one(connection, "SELECT current_user"));
        }
    }

    @Test
    void cancelsQueriesInTls() throws Exception {
        launch(ENDS_TLS, POSTGRES_TLS, strict, plain);
        try (Connection connection = connect("require"); Connection other = connect("require");
             Statement statement = connection.createStatement()) {
            CompletableFuture<String> sqlState = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> sqlState.complete(
                    assertThrows(SQLException.class, () -> statement.execute("SELECT pg_sleep(600)")).getSQLState()));
            await().atMost(20, SECONDS).until(() -> one(other,
                    "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'").equals("1"));
            statement.cancel();
            assertEquals(QUERY_CANCELED, sqlState.get(20, SECONDS));
        }
        assertEquals(1, sluice.stats().sum(Counter.CANCELS_PASSED));
    }

    @Test
    void takesAnotherServerForOneWithoutTls() throws Exception {
        launch(ENDS_TLS, POSTGRES_TLS, plain, strict);
        try (Connection connection = connect("require")) {
            assertEquals(String.valueOf(strict.port()), one(connection, "SELECT inet_server_port()"));
        }
        assertTrue(logged().contains("\"server\":\"s1\"") && logged().contains("\"retries\":1"), logged());
    }

    @Test
    void failsIfNoServerHasTls() throws Exception {
        launch(ENDS_TLS, POSTGRES_TLS, plain);
        assertThrows(SQLException.class, () -> connect("require"));
        assertTrue(logged().contains("\"termination\":\"SC\""), logged());
        assertEquals(1, sluice.stats().sum(Counter.CONNECT_FAILURES));
    }

    @Test
    void takesNoServerOfAnotherName() throws Exception {
        launch(ENDS_TLS, TLS.replace("server-name: db", "server-name: other") + "\n    initial-state: up\n    " + CHECK,
                strict);
        assertThrows(SQLException.class, () -> connect("require"));
        await().atMost(20, SECONDS).until(() -> InProcess.state(sluice, "s0") == ServerState.DOWN);
    }

    private void launch(String listenerTls, String poolKeys, PostgresServer... servers) throws Exception {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < servers.length; i++) {
            list.append("{ name: s").append(i).append(", address: 127.0.0.1:").append(servers[i].port()).append(" }, ");
        }
        sluice = InProcess.launch("""
                workers: 2
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: tcp
                    inspect: postgres
                    pool: pool
                    session-log: { file: %s, format: json }
                    %s
                pools:
                  pool:
                    balance: first
                    servers: [%s]
                    %s
                """.formatted(log, listenerTls, list, poolKeys));
    }

    private Connection connect(String sslMode) throws SQLException {
        return connect(sslMode, "postgres");
    }

    private Connection connect(String sslMode, String user) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://db.example.com:5432/postgres?user=" + user
                + "&connectTimeout=20&socketFactory=io.sluice.launcher.SocketTo&socketFactoryArg="
                + InProcess.address(sluice).getPort() + "&sslmode=" + sslMode);
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private String logged() throws IOException {
        await().atMost(20, SECONDS).until(() -> Files.exists(log) && Files.size(log) > 0);
        return Files.readString(log);
    }
}
