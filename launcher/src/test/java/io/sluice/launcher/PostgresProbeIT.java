package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigException;
import io.sluice.core.health.Finding;
import io.sluice.core.pool.Role;
import io.sluice.l4.database.Checked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check of PostgreSQL logs in to a real server in every way there is, and names what keeps it from that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresProbeIT {

    private static final String ACCESS = """
            local   all all trust
            host    all postgres 127.0.0.1/32 trust
            host    all scram    127.0.0.1/32 scram-sha-256
            host    all app      127.0.0.1/32 scram-sha-256
            host    all md5      127.0.0.1/32 md5
            hostssl all secure   127.0.0.1/32 scram-sha-256
            """;
    private static final String ACCOUNT = "type: postgres, user: scram, password-file: check.pass";
    private static final int FREE_CONNECTIONS = 5;

    private Path directory;
    private PostgresServer server;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        TestCertificate certificate = TestCertificate.create(directory, "ip:127.0.0.1");
        server = PostgresServer.start(directory.resolve("data"), Map.of(
                "ssl", "on", "ssl_cert_file", certificate.certificate().toString(),
                "ssl_key_file", certificate.key().toString(),
                "max_connections", "" + (FREE_CONNECTIONS + 3), "superuser_reserved_connections", "3"));
        server.execute("""
                SET password_encryption = 'scram-sha-256';
                CREATE ROLE scram LOGIN PASSWORD 's3cret';
                CREATE ROLE app LOGIN PASSWORD 's3cret';
                CREATE ROLE secure LOGIN PASSWORD 's3cret';
                CREATE ROLE stranger LOGIN PASSWORD 's3cret';
                SET password_encryption = 'md5';
                CREATE ROLE md5 LOGIN PASSWORD 's3cret'""");
        server.execute("CREATE DATABASE closed");
        server.execute("REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
        Files.writeString(server.data().resolve("pg_hba.conf"), ACCESS);
        server.execute("SELECT pg_reload_conf()");
        Checked.password(directory.resolve("check.pass"), "s3cret");
        Checked.password(directory.resolve("wrong.pass"), "wrong");
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            user: scram, password-file: check.pass
            user: md5, password-file: check.pass
            user: secure, password-file: check.pass
            user: scram, password-file: check.pass, tls: { mode: disable }
            user: scram, password-file: check.pass, tls: { mode: require }
            user: scram, password-file: check.pass, tls: { mode: prefer, ca: server.crt }
            user: scram, password-file: check.pass, tls: { mode: verify-ca, ca: server.crt }
            user: scram, password-file: check.pass, tls: { mode: verify-full, ca: server.crt }
            """)
    void logsInAndFindsAPrimary(String keys) throws Exception {
        try (Checked probe = probe("type: postgres, " + keys)) {
            assertEquals(new Finding(Role.PRIMARY, 1, "timeline 1"), probe.check());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            user: scram, password-file: wrong.pass | wrong user or password: password authentication failed for user \
            "scram" (28P01)
            user: nobody, password-file: wrong.pass, tls: { mode: require } | the server does not admit the account \
            from here: no pg_hba.conf entry for host "127.0.0.1", user "nobody", database "postgres", SSL encryption \
            (28000)
            user: secure, password-file: check.pass, tls: { mode: disable } | the server demands TLS: no pg_hba.conf \
            entry for host "127.0.0.1", user "secure", database "postgres", no encryption (28000)
            user: scram, password-file: check.pass, database: none | no such database: database "none" does not exist \
            (3D000)
            user: scram, password-file: check.pass, database: closed | the account lacks a right: permission denied \
            for database "closed" (42501)
            user: scram, password-env: SLUICE_NOT_SET | the password cannot be read: the environment variable \
            SLUICE_NOT_SET is not set
            user: scram, password-file: check.pass, query: SELECT 1 FROM none | the query failed: relation "none" \
            does not exist (42P01)
            user: scram, password-file: check.pass, query: "SELECT 1 WHERE false", expect: 1 | the query did not give \
            what is expected: nothing instead of "1"
            user: scram, password-file: check.pass, query: "SELECT 2, 1", expect: 1 | the query did not give what is \
            expected: "2" instead of "1"
            """)
    void namesWhatIsWrong(String keys, String message) throws Exception {
        try (Checked probe = probe("type: postgres, " + keys)) {
            assertEquals(message, probe.failure());
            assertEquals(message, probe.failure());
        }
    }

    @Test
    void namesAPasswordThatIsMissing() throws Exception {
        try (Checked probe = probe("type: postgres, user: scram")) {
            assertTrue(probe.failure().startsWith("the account has a password and the check has none"));
        }
    }

    @Test
    void trustsNoOtherCertificateThanItMust() throws Exception {
        String account = ACCOUNT + ", tls: ";
        try (Checked probe = probe(account + "{ mode: verify-ca }")) {
            assertTrue(probe.failure().startsWith("the server's certificate is not to be trusted: PKIX path"));
        }
        try (Checked probe = Checked.by(account + "{ mode: verify-full, ca: server.crt }", "localhost",
                server.port(), directory)) {
            assertEquals("the server's certificate is not to be trusted: "
                    + "No name matching localhost found", probe.failure());
        }
        Files.writeString(directory.resolve("none.crt"), "no certificate");
        try (Checked probe = probe(account + "{ mode: verify-ca, ca: none.crt }")) {
            assertEquals("TLS failed: nothing in PEM format (-----BEGIN ...) is in the file: "
                    + directory.resolve("none.crt"), probe.failure());
        }
    }

    @Test
    void namesAServerWithoutTls(@TempDir Path plainDirectory) throws Exception {
        try (PostgresServer plain = PostgresServer.start(plainDirectory, Map.of());
             Checked probe = Checked.by("type: postgres, user: postgres, tls: { mode: require }", plain.port(),
                     directory);
             Checked easier = Checked.by("type: postgres, user: postgres", plain.port(), directory)) {
            assertTrue(probe.failure().startsWith("the server has no TLS"), probe.failure());
            assertEquals(Role.PRIMARY, easier.check().role());
        }
    }

    @Test
    void asksAQueryOfOnesOwn() throws Exception {
        try (Checked probe = probe(ACCOUNT + ", query: SELECT count(*) FROM pg_class WHERE false, expect: 0")) {
            assertEquals(Role.PRIMARY, probe.check().role());
        }
        try (Checked probe = probe(ACCOUNT + ", query: SELECT 1 WHERE false")) {
            assertEquals(Role.PRIMARY, probe.check().role());
        }
    }

    @Test
    void keepsOneSessionAndKeepsItWhenTheAnswerIsUnexpected() throws Exception {
        try (Checked probe = probe(ACCOUNT + ", query: SELECT 1, expect: 2")) {
            probe.failure();
            String session = session();
            probe.failure();
            assertEquals(session, session());
        }
    }

    @Test
    void logsInAnewWithTheNewPasswordWhenItsSessionIsEnded() throws Exception {
        Checked.password(directory.resolve("changing.pass"), "s3cret");
        server.execute("CREATE ROLE changing LOGIN PASSWORD 's3cret'");
        Files.writeString(server.data().resolve("pg_hba.conf"), ACCESS
                + "host all changing 127.0.0.1/32 scram-sha-256\n");
        server.execute("SELECT pg_reload_conf()");
        try (Checked probe = probe("type: postgres, user: changing, password-file: changing.pass")) {
            assertEquals(Role.PRIMARY, probe.check().role());
            String session = session();
            server.execute("ALTER ROLE changing PASSWORD 'n3w'");
            assertEquals(Role.PRIMARY, probe.check().role());
            assertEquals(session, session());
            Checked.password(directory.resolve("changing.pass"), "n3w");
            endSessions();
            assertEquals(Role.PRIMARY, probe.check().role());
        }
    }

    @Test
    void doesNotWaitForTheNextCheckWhenItsSessionEnds() throws Exception {
        try (Checked probe = probe(ACCOUNT)) {
            probe.check();
            endSessions();
            long startNs = System.nanoTime();
            probe.pause(Checked.TIMEOUT);
            assertTrue(System.nanoTime() - startNs < Checked.TIMEOUT.toNanos());
            assertEquals(Role.PRIMARY, probe.check().role());
        }
    }

    @Test
    void takesAFullServerForAWorkingOne() throws Exception {
        try (Checked first = probe(ACCOUNT); Checked known = probe(ACCOUNT)) {
            known.check();
            endSessions();
            List<Connection> clients = new ArrayList<>();
            try {
                // Sessions that have been closed may take a place for a moment more.
                await().ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
                    clients.add(client());
                    return clients.size() == FREE_CONNECTIONS;
                });
                String full = "the server is full: remaining connection slots are reserved for roles with the "
                        + "SUPERUSER attribute (53300)";
                assertEquals(new Finding(null, 0, full), first.check());
                assertEquals(new Finding(null, 0, full), known.check());
            } finally {
                for (Connection client : clients) {
                    client.close();
                }
            }
            await().untilAsserted(() -> assertEquals(new Finding(Role.PRIMARY, 1, "timeline 1"), first.check()));
        }
    }

    @Test
    void givesNoRoleToAPrimaryThatIsFencedOff() throws Exception {
        try (Checked probe = probe(ACCOUNT)) {
            assertEquals(Role.PRIMARY, probe.check().role());
            server.execute("ALTER SYSTEM SET default_transaction_read_only = on");
            server.execute("SELECT pg_reload_conf()");
            await().until(() -> probe.check().equals(new Finding(Role.NONE, 1,
                    "a primary whose configuration says default_transaction_read_only")));
        } finally {
            unfence();
        }
    }

    @Test
    void isNotMisledByAnAccountThatMayOnlyRead() throws Exception {
        server.execute("ALTER ROLE scram SET default_transaction_read_only = on");
        try (Checked probe = probe(ACCOUNT)) {
            assertEquals(Role.PRIMARY, probe.check().role());
        } finally {
            server.execute("ALTER ROLE scram RESET default_transaction_read_only");
        }
    }

    private void unfence() throws SQLException {
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            statement.execute("ALTER SYSTEM RESET default_transaction_read_only");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    private Checked probe(String check) throws ConfigException {
        return Checked.by(check, server.port(), directory);
    }

    private Connection client() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port()
                + "/postgres?user=app&password=s3cret&connectTimeout=20&socketTimeout=20");
    }

    /** The only process that serves checks: those of earlier ones may end a moment later. */
    private String session() {
        return await().until(() -> server.query("SELECT string_agg(pid::text, ' ') FROM pg_stat_activity "
                + "WHERE application_name = 'sluice health check'"), session -> session.matches("\\d+"));
    }

    private void endSessions() throws SQLException {
        server.query("SELECT count(pg_terminate_backend(pid, 20000)) FROM pg_stat_activity "
                + "WHERE application_name = 'sluice health check'");
    }
}
