package io.sluice.l4.database;

import static io.sluice.l4.database.FakeMySql.pairs;
import static io.sluice.l4.database.FakeMySql.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.health.Finding;
import io.sluice.core.net.Loopback;
import io.sluice.core.pool.Role;
import io.sluice.l4.database.FakeMySql.Failure;
import io.sluice.l4.database.FakeMySql.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no MariaDB server does, so that a double must: accounts of MySQL 8, its words for replicas, Galera. */
class MySqlProbeTest {

    private static final String ACCOUNT = "type: mysql, user: probe, password-file: check.pass";
    private static final String SETTINGS = "SHOW GLOBAL VARIABLES";
    private static final String STATUS = "SHOW GLOBAL STATUS";
    private static final Rows WRITABLE = pairs("read_only", "OFF");
    private static final Finding PRIMARY = new Finding(Role.PRIMARY, 0, "");

    @TempDir
    private Path directory;

    /** The first login in a JVM takes longer, as the driver is loaded for it. */
    @BeforeAll
    static void loadDriver() throws Exception {
        try (Checked check = Checked.by("type: mysql, user: probe", Loopback.refusing().getPort())) {
            check.failure();
        }
    }

    @BeforeEach
    void writePassword() throws IOException {
        Checked.password(directory.resolve("check.pass"), "s3cret");
    }

    @Test
    void logsInToAnAccountOfMySql8ByTheServersKey() throws Exception {
        assertEquals(PRIMARY, checked(new FakeMySql("s3cret").answer(SETTINGS, WRITABLE)));
    }

    @Test
    void logsInToAnAccountOfMySql8WhosePasswordTheServerKnows() throws Exception {
        assertEquals(PRIMARY, checked(new FakeMySql("s3cret").passwordCached().answer(SETTINGS, WRITABLE)));
    }

    @Test
    void isRefusedByAnAccountOfMySql8WithAnotherPassword() throws Exception {
        String message = "wrong user or password: Access denied for user 'probe'@'localhost' (using password: YES) "
                + "(1045)";
        assertEquals(message, failure(new FakeMySql("other")));
        assertEquals(message, failure(new FakeMySql("other").passwordCached()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            0    | REPLICA | 0 s behind
            9    | REPLICA | 9 s behind
            11   | NONE    | 11 s behind; max-lag is 10 s
            NULL | NONE    | behind by an unknown time, replication does not run: it is broken
            """)
    void judgesAReplicaOfMySql8ByItsLag(String seconds, Role role, String detail) throws Exception {
        FakeMySql server = new FakeMySql("s3cret").answer(SETTINGS, pairs("read_only", "ON", "super_read_only", "ON"))
                .answer("SHOW REPLICA STATUS", rows(List.of("Seconds_Behind_Source", "Last_IO_Error", "Last_SQL_Error"),
                        List.of(seconds, "", "it is broken")))
                .answer("SHOW SLAVE STATUS", new Failure(1064, "42000", "You have an error in your SQL syntax"));
        assertEquals(new Finding(role, 0, detail), checked(server, ACCOUNT + ", max-lag: 10s"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4 | Synced
            2 | Donor/Desynced
            """)
    void takesAGaleraNodeThatServesAndGivesItNoRole(String state, String name) throws Exception {
        assertEquals(new Finding(Role.UNKNOWN, 0, "its state is " + name + " (" + state + ")"),
                checked(galera("Primary", "ON", state, name)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Primary     | ON  | 1 | Joining     | its state is Joining (1)
            Primary     | ON  | 3 | Joined      | its state is Joined (3)
            Primary     | OFF | 4 | Synced      | its state is Synced (4)
            non-Primary | OFF | 0 | Initialized | the component that it sees is non-Primary, its state is \
            Initialized (0)
            """)
    void refusesAGaleraNodeThatIsNotInStep(String component, String ready, String state, String name, String detail)
            throws Exception {
        assertEquals("the node is not in step with its cluster: " + detail,
                failure(galera(component, ready, state, name)));
    }

    /** It turns away only queries of tables, so neither the check's own nor its states show that. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wsrep_reject_queries            | ALL      | 4 | Synced
            wsrep_reject_queries            | ALL_KILL | 4 | Synced
            wsrep_sst_donor_rejects_queries | ON       | 2 | Donor/Desynced
            """)
    void refusesAGaleraNodeThatIsToldToRejectQueries(String setting, String value, String state, String name)
            throws Exception {
        assertEquals("the node is not in step with its cluster: " + setting + " is " + value + ", its state is " + name
                + " (" + state + ")", failure(galera("Primary", "ON", state, name)
                .answer(SETTINGS, pairs("wsrep_on", "ON", setting, value))));
    }

    @Test
    void takesAGaleraNodeThatRejectsQueriesOnlyWhileItIsDonor() throws Exception {
        assertEquals(new Finding(Role.UNKNOWN, 0, "its state is Synced (4)"),
                checked(galera("Primary", "ON", "4", "Synced").answer(SETTINGS, pairs("wsrep_on", "ON",
                        "wsrep_reject_queries", "NONE", "wsrep_sst_donor_rejects_queries", "ON"))));
    }

    @Test
    void doesNotReadWithoutEnd() throws Exception {
        assertEquals(BoundedSocket.TOO_MUCH, failure(new FakeMySql("s3cret")
                .answer(SETTINGS, new Failure(1105, "HY000", "x".repeat(2 << 20)))));
    }

    /** Whose packet is of nine bytes. */
    @Test
    void makesNoRoomForWhatCannotCome() throws Exception {
        assertEquals("the server announces more than there is memory for",
                failure(new FakeMySql("s3cret").answer(SETTINGS, new FakeMySql.Columns(Integer.MAX_VALUE))));
    }

    @Test
    void refusesAGaleraNodeThatLetsInAndAnswers1047() throws Exception {
        Failure unprepared = new Failure(1047, "08S01", "WSREP has not yet prepared node for application use");
        String message = "the node is not in step with its cluster: WSREP has not yet prepared node for application "
                + "use (1047)";
        assertEquals(message, failure(new FakeMySql("s3cret").answer("", unprepared)));
        assertEquals(message, failure(new FakeMySql("s3cret").answer("SHOW", unprepared)));
        try (FakeServer server = FakeServer.start(galera("Primary", "ON", "4", "Synced")
                .answer("SELECT", unprepared));
             Checked check = Checked.by(ACCOUNT + ", query: SELECT 1", server.port(), directory)) {
            assertEquals("the query failed: WSREP has not yet prepared node for application use (1047)",
                    check.failure());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1129 | the server has blocked this host: words (1129)
            1130 | the server does not admit the account from here: words (1130)
            1053 | the server is starting or stopping: words (1053)
            3159 | the server demands TLS: words (3159)
            9999 | the server reports an error: words (9999)
            """)
    void namesWhyItIsTurnedAway(int number, String message) throws Exception {
        assertEquals(message, failure(new FakeMySql("s3cret").greet(new Failure(number, "HY000", "words"))));
    }

    /** Such a server goes on serving the sessions that it has. */
    @Test
    void logsInNowAndThenToNoticeThatItsHostIsBlocked() throws Exception {
        FakeMySql server = new FakeMySql("s3cret").answer(SETTINGS, WRITABLE);
        try (FakeServer fake = FakeServer.start(server);
             Checked check = Checked.by(ACCOUNT, fake.port(), directory)) {
            check.check();
            server.greet(new Failure(1129, "HY000", "words"));
            for (int i = 2; i < LoginProbe.CHECKS_PER_LOGIN; i++) {
                assertEquals(PRIMARY, check.check());
            }
            String blocked = "the server has blocked this host: words (1129)";
            assertEquals(blocked, check.failure());
            assertEquals(blocked, check.failure());
            server.greet(null);
            assertEquals(PRIMARY, check.check());
        }
    }

    /** A login that asks for TLS in vain is an error to the server, and would be one of many. */
    @Test
    void doesNotAskForTlsAgainWhenItLogsInAgain() throws Exception {
        try (FakeServer fake = FakeServer.start(new FakeMySql("s3cret").answer(SETTINGS, WRITABLE));
             Checked check = Checked.by(ACCOUNT, fake.port(), directory)) {
            for (int i = 1; i < LoginProbe.CHECKS_PER_LOGIN; i++) {
                check.check();
            }
            assertEquals(2, fake.served());
            check.check();
            assertEquals(3, fake.served());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1040, 1045, 1226})
    void keepsItsSessionWhenItGetsNoOther(int refusal) throws Exception {
        FakeMySql server = new FakeMySql("s3cret").answer(SETTINGS, WRITABLE);
        try (FakeServer fake = FakeServer.start(server);
             Checked check = Checked.by(ACCOUNT + ", tls: { mode: disable }", fake.port(), directory)) {
            check.check();
            server.greet(new Failure(refusal, "HY000", "words"));
            for (int i = 2; i <= 2 * LoginProbe.CHECKS_PER_LOGIN; i++) {
                assertEquals(PRIMARY, check.check());
            }
            assertEquals(3, fake.served());
        }
    }

    @Test
    void keepsItsSessionWhenALoginTakesTooLong() throws Exception {
        FakeMySql server = new FakeMySql("s3cret").answer(SETTINGS, WRITABLE);
        AtomicBoolean hangs = new AtomicBoolean();
        try (FakeServer fake = FakeServer.start((in, out) -> {
            if (hangs.get()) {
                in.read();
            } else {
                server.serve(in, out);
            }
        });
             Checked check = Checked.by(ACCOUNT + ", tls: { mode: disable }", fake.port(), directory)) {
            check.check();
            hangs.set(true);
            for (int i = 2; i < LoginProbe.CHECKS_PER_LOGIN; i++) {
                check.check();
            }
            assertEquals(PRIMARY, check.check(Duration.ofSeconds(2)));
            assertEquals(PRIMARY, check.check());
            assertEquals(2, fake.served());
        }
    }

    @Test
    void waitsNoLongerThanTheTimeoutForAGreeting() throws Exception {
        try (FakeServer server = FakeServer.silent();
             Checked check = Checked.by(ACCOUNT, server.port(), directory)) {
            assertEquals("no login within 1000 ms", check.failure(Duration.ofSeconds(1)));
        }
    }

    @Test
    void waitsNoLongerThanTheTimeoutForAnAnswer() throws Exception {
        FakeMySql server = new FakeMySql("s3cret").answer(SETTINGS, WRITABLE);
        try (FakeServer fake = FakeServer.start(server);
             Checked check = Checked.by(ACCOUNT + ", tls: { mode: disable }", fake.port(), directory)) {
            check.check();
            server.answer(SETTINGS, FakeMySql.SILENCE);
            assertEquals("no answer within 200 ms", check.failure(Duration.ofMillis(200)));
            // The session is of no more use: its answer may come yet.
            server.answer(SETTINGS, WRITABLE);
            assertEquals(PRIMARY, check.check());
            assertEquals(2, fake.served());
        }
    }

    private static FakeMySql galera(String component, String ready, String state, String name) throws Exception {
        return new FakeMySql("s3cret").answer(SETTINGS, pairs("read_only", "OFF", "wsrep_on", "ON"))
                .answer(STATUS, pairs("wsrep_cluster_status", component, "wsrep_ready", ready,
                        "wsrep_local_state", state, "wsrep_local_state_comment", name));
    }

    private Finding checked(FakeMySql server) throws Exception {
        return checked(server, ACCOUNT);
    }

    private Finding checked(FakeMySql server, String keys) throws Exception {
        try (FakeServer fake = FakeServer.start(server); Checked check = Checked.by(keys, fake.port(), directory)) {
            return check.check();
        }
    }

    private String failure(FakeMySql server) throws Exception {
        try (FakeServer fake = FakeServer.start(server); Checked check = Checked.by(ACCOUNT, fake.port(), directory)) {
            return check.failure();
        }
    }
}
