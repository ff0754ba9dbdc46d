package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigException;
import io.sluice.core.health.Finding;
import io.sluice.core.pool.Role;
import io.sluice.l4.database.Checked;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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

/** The check of MySQL logs in to a real MariaDB server and names what keeps it from that; it follows a replica. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MySqlProbeIT {

    private static final String ACCOUNT = "type: mysql, user: probe, password-file: check.pass";
    private static final Finding PRIMARY = new Finding(Role.PRIMARY, 0, "");
    /** The least that the server has itself content with. */
    private static final int CONNECTIONS = 10;

    private Path directory;
    private MariaDbServer server;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        TestCertificate certificate = TestCertificate.create(directory, "ip:127.0.0.1");
        server = MariaDbServer.start(directory.resolve("server"), Map.of(
                "ssl-cert", certificate.certificate().toString(), "ssl-key", certificate.key().toString(),
                "max-connections", "" + CONNECTIONS));
        server.execute("CREATE USER probe IDENTIFIED BY 's3cret'",
                "GRANT REPLICA MONITOR ON *.* TO probe",
                "CREATE USER poor IDENTIFIED BY 's3cret'",
                "CREATE USER secure IDENTIFIED BY 's3cret' REQUIRE SSL",
                "CREATE USER limited IDENTIFIED BY 's3cret' WITH MAX_USER_CONNECTIONS 1",
                "CREATE USER locked IDENTIFIED BY 's3cret' ACCOUNT LOCK",
                "CREATE DATABASE closed",
                "GRANT SELECT ON none.* TO poor");
        Checked.password(directory.resolve("check.pass"), "s3cret");
        Checked.password(directory.resolve("wrong.pass"), "wrong");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            user: probe
            user: poor
            user: secure
            user: probe, tls: { mode: disable }
            user: probe, tls: { mode: require }
            user: probe, tls: { mode: prefer, ca: server.crt }
            user: probe, tls: { mode: verify-ca, ca: server.crt }
            user: probe, tls: { mode: verify-full, ca: server.crt }
            user: probe, query: "SELECT 1, 2", expect: 1
            user: probe, database: information_schema, query: SELECT count(*) FROM tables WHERE false, expect: 0
            """)
    void logsInAndFindsAPrimary(String keys) throws Exception {
        try (Checked probe = probe("type: mysql, password-file: check.pass, " + keys)) {
            assertEquals(PRIMARY, probe.check());
            assertEquals(PRIMARY, probe.check());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            user: probe, password-file: wrong.pass | wrong user or password: Access denied for user \
            'probe'@'127.0.0.1' (using password: YES) (1045)
            user: probe | wrong user or password: Access denied for user 'probe'@'127.0.0.1' (using password: NO) (1045)
            user: locked, password-file: check.pass | the server does not admit the account from here: Access denied, \
            this account is locked (4151)
            user: poor, password-file: check.pass, database: none | no such database: Unknown database 'none' (1049)
            user: poor, password-file: check.pass, database: closed | the account lacks a right: Access denied for \
            user 'poor'@'%' to database 'closed' (1044)
            user: probe, password-file: check.pass, query: SELECT 1 FROM a.none | the query failed: SELECT command \
            denied to user 'probe'@'127.0.0.1' for table `a`.`none` (1142)
            user: probe, password-file: check.pass, query: "SELECT 2, 1", expect: 1 | the query did not give what is \
            expected: "2" instead of "1"
            """)
    void namesWhatIsWrong(String keys, String message) throws Exception {
        try (Checked probe = probe("type: mysql, " + keys)) {
            assertEquals(message, probe.failure());
            assertEquals(message, probe.failure());
        }
    }

    @Test
    void trustsNoOtherCertificateThanItMust() throws Exception {
        try (Checked probe = probe(ACCOUNT + ", tls: { mode: verify-ca }")) {
            assertTrue(probe.failure().startsWith("the server's certificate is not to be trusted: PKIX path"));
        }
        try (Checked probe = Checked.by(ACCOUNT + ", tls: { mode: verify-full, ca: server.crt }", "localhost",
                server.port(), directory)) {
            assertEquals("the server's certificate is not to be trusted: No name matching localhost found",
                    probe.failure());
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
    void checksAtOnceAndLogsInAnewWhenItsSessionEnds() throws Exception {
        try (Checked probe = probe(ACCOUNT)) {
            probe.check();
            server.execute("KILL " + session());
            long startNs = System.nanoTime();
            probe.pause(Checked.TIMEOUT);
            assertTrue(System.nanoTime() - startNs < Checked.TIMEOUT.toNanos());
            assertEquals(PRIMARY, probe.check());
        }
    }

    @Test
    void takesAFullServerForAWorkingOne() throws Exception {
        List<Connection> clients = new ArrayList<>();
        try (Checked probe = probe("type: mysql, user: limited, password-file: check.pass")) {
            clients.add(server.connect("limited", "s3cret"));
            assertEquals(new Finding(null, 0, "the server is full: User 'limited' has exceeded the "
                    + "'max_user_connections' resource (current value: 1) (1226)"), probe.check());
            String full = "the server is full: Too many connections (1040)";
            await().until(() -> {
                fill(clients);
                try (Checked another = probe(ACCOUNT)) {
                    return another.check().equals(new Finding(null, 0, full));
                }
            });
        } finally {
            for (Connection client : clients) {
                client.close();
            }
        }
    }

    /** Sessions that have been closed may take a place for a moment more. */
    private void fill(List<Connection> clients) {
        try {
            while (clients.size() <= CONNECTIONS) {
                clients.add(server.connect("probe", "s3cret"));
            }
        } catch (SQLException e) {
            assertEquals(1040, e.getErrorCode());
        }
    }

    @Test
    void followsAReplicaUntilItIsThePrimary(@TempDir Path replicaDirectory) throws Exception {
        try (MariaDbServer replica = MariaDbServer.start(replicaDirectory, Map.of("read-only", "ON", "skip-ssl", "ON"));
             Checked strict = Checked.by(ACCOUNT + ", max-lag: 1s", replica.port(), directory);
             Checked poor = Checked.by("type: mysql, user: poor, password-file: check.pass, max-lag: 1s, "
                     + "tls: { mode: require }", replica.port(), directory);
             Checked patient = Checked.by(ACCOUNT, replica.port(), directory)) {
            replica.follow(server);
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions()
                    .until(() -> strict.check().role() == Role.REPLICA);
            assertEquals(new Finding(Role.REPLICA, 0, ""), patient.check());
            assertTrue(poor.failure().startsWith("the server has no TLS"), poor.failure());

            replica.execute("STOP SLAVE");
            await().atMost(Duration.ofSeconds(20)).until(() -> strict.check().role() == Role.NONE);
            assertTrue(strict.check().detail().endsWith(" s behind, replication does not run; max-lag is 1 s"),
                    strict.check().detail());
            assertEquals(new Finding(Role.REPLICA, 0, ""), patient.check());

            replica.execute("RESET SLAVE ALL", "SET GLOBAL read_only = OFF");
            assertEquals(PRIMARY, strict.check());
        }
    }

    @Test
    void namesTheRightThatLagNeedsAndSeesItGranted() throws Exception {
        server.execute("SET GLOBAL read_only = ON");
        try (Checked probe = probe("type: mysql, user: poor, password-file: check.pass, max-lag: 1s");
             Checked allowed = probe(ACCOUNT + ", max-lag: 1s")) {
            assertEquals("the account lacks a right: Access denied; you need (at least one of) the SLAVE MONITOR "
                    + "privilege(s) for this operation (1227)", probe.failure());
            Finding lost = new Finding(Role.NONE, 0, "behind by an unknown time, it does not replicate");
            assertEquals(lost, allowed.check());

            server.execute("GRANT REPLICA MONITOR ON *.* TO poor");
            assertEquals(lost, probe.check());
        } finally {
            server.execute("REVOKE REPLICA MONITOR ON *.* FROM poor", "SET GLOBAL read_only = OFF");
        }
    }

    private Checked probe(String check) throws ConfigException {
        return Checked.by(check, server.port(), directory);
    }

    /** The number of the only session with {@link #ACCOUNT}: those of earlier checks may end a moment later. */
    private String session() {
        return await().until(() -> server.query("SELECT group_concat(id) FROM information_schema.processlist "
                + "WHERE user = 'probe'"), session -> session.matches("\\d+"));
    }
}
