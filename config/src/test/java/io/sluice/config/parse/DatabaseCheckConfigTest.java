package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.HealthCheckConfig.MySql;
import io.sluice.config.HealthCheckConfig.Postgres;
import io.sluice.config.HealthCheckConfig.Redis;
import io.sluice.config.LoginConfig;
import io.sluice.config.LoginConfig.InEnvironment;
import io.sluice.config.LoginConfig.InFile;
import io.sluice.config.LoginConfig.Question;
import io.sluice.config.LoginConfig.Tls;
import io.sluice.config.SluiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Health checks that log in: what they are, what is refused, and that passwords stay where they are. */
class DatabaseCheckConfigTest {

    private static final String PREFIX = "listeners: [{ name: l, bind: 127.0.0.1:1, protocol: tcp, pool: p }]\npools:\n"
            + "  p:\n    servers: [{ name: s, address: db:1 }]\n    health-check: ";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        write("check.pass", "s3cret\nsecond line\n", "rw-------");
        write("open.pass", "s3cret", "rw-r--r--");
        write("empty.pass", "\nsecond line\n", "rw-------");
        write("ca.pem", "", "rw-r--r--");
        Files.write(directory.resolve("binary.pass"), new byte[] {(byte) 0xff, (byte) 0xfe});
    }

    private void write(String name, String text, String rights) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    @Test
    void readsACheckOfPostgresql() throws Exception {
        Postgres check = (Postgres) check("{ type: postgres, user: sluice, password-file: check.pass, database: app, "
                + "tls: { mode: prefer, ca: ca.pem }, max-lag: 10s, query: SELECT 1, expect: 1, interval: 1s }");
        assertEquals(new LoginConfig(Optional.of("sluice"), Optional.of(new InFile(directory.resolve("check.pass"))),
                new Tls(Tls.Mode.PREFER, Optional.of(directory.resolve("ca.pem"))),
                Optional.of(Duration.ofSeconds(10)), Optional.of(new Question("SELECT 1", Optional.of("1")))),
                check.login());
        assertEquals("app", check.database());
        assertEquals("s3cret", check.login().password().orElseThrow().read());
    }

    @Test
    void fillsInWhatIsUsual() throws Exception {
        LoginConfig usual = new LoginConfig(Optional.of("u"), Optional.empty(),
                new Tls(Tls.Mode.PREFER, Optional.empty()), Optional.empty(), Optional.empty());
        Postgres postgres = (Postgres) check("{ type: postgres, user: u }");
        assertEquals(new Postgres(postgres.schedule(), usual, "postgres"), postgres);
        MySql mySql = (MySql) check("{ type: mysql, user: u }");
        assertEquals(new MySql(mySql.schedule(), usual, Optional.empty()), mySql);
        Redis redis = (Redis) check("{ type: redis, password-env: PATH }");
        assertEquals(new Redis(redis.schedule(), new LoginConfig(Optional.empty(),
                Optional.of(new InEnvironment("PATH")), new Tls(Tls.Mode.DISABLE, Optional.empty()),
                Optional.empty(), Optional.empty())), redis);
    }

    /** {@code health-check} in line 5, column 19, with {@code DIR} as the file's place. Then message and hint. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            { type: postgres } | 19: pools.p.health-check: key "user" is missing
            { type: mysql, user: u, password-env: A, password-file: check.pass } | 57: \
            pools.p.health-check.password-env: give password-file or password-env, not both
            { type: postgres, user: u, expect: 1 } | 54: pools.p.health-check.expect: expect needs query
            { type: redis, user: u } | 40: pools.p.health-check.user: a user needs password-file or password-env
            { type: redis, tls: { mode: prefer } } | 39: pools.p.health-check.tls: mode: prefer is not for Redis, \
            which does not say whether it has TLS
            { type: mysql, user: u, tls: { mode: disable, ca: ca.pem } } | 69: pools.p.health-check.tls.ca: mode: \
            disable uses no certificates
            { type: mysql, user: u, tls: { ca: none.pem } } | 54: pools.p.health-check.tls.ca: no such file: \
            DIR/none.pem
            { type: mysql, user: u, password-file: none.pass } | 58: pools.p.health-check.password-file: no such file: \
            DIR/none.pass
            { type: mysql, user: u, password-file: empty.pass } | 58: pools.p.health-check.password-file: nothing \
            in the first line of DIR/empty.pass
            { type: mysql, user: u, password-file: binary.pass } | 58: pools.p.health-check.password-file: not UTF-8 \
            text: DIR/binary.pass
            { type: mysql, user: u, query: " " } | 19: pools.p.health-check: query must not be empty
            """)
    void explainsWhatIsWrong(String check, String message) {
        assertEquals("c.yaml:5:" + message.replace("DIR", directory.toString()),
                refused(check).getMessage().lines().findFirst().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            { type: postgres, user: u, password: hunter2 }
            { type: redis, password: "hunter2 hunter2" }
            { type: mysql, user: u, "password": 'hunter2, hunter2', tsl: {} }
            """)
    void refusesAPasswordInTheFileWithoutRepeatingIt(String check) {
        ConfigException refusal = refused(check);
        assertTrue(refusal.getMessage().contains("key \"password\" is not for here"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("password-file: /etc/sluice/check.pass"), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("hunter2"), refusal.getMessage());
    }

    @Test
    void warnsOfAPasswordThatOthersMayReadAndOfAVariableThatIsNotSet() throws Exception {
        assertEquals(List.of(), warnings("{ type: mysql, user: u, password-file: check.pass }"));
        assertEquals(List.of("warning: pools.p.health-check.password-file: everybody on this host may read "
                + directory.resolve("open.pass")), warnings("{ type: mysql, user: u, password-file: open.pass }"));
        assertEquals(List.of("warning: pools.p.health-check.password-env: "
                + "the environment variable SLUICE_NOT_SET is not set"),
                warnings("{ type: mysql, user: u, password-env: SLUICE_NOT_SET }"));
    }

    @Test
    void dumpsWhereThePasswordIsAndNotThePassword() throws Exception {
        SluiceConfig config = config("{ type: postgres, user: u, password-file: check.pass }");
        String dump = ConfigDump.toYaml(config);
        assertTrue(dump.contains("password-file: " + directory.resolve("check.pass")), dump);
        assertFalse(dump.contains("s3cret"), dump);
        assertEquals(config, ConfigParser.load(dump, "dump.yaml", directory).config());
    }

    private HealthCheckConfig check(String check) throws ConfigException {
        return config(check).pool("p").healthCheck().orElseThrow();
    }

    private SluiceConfig config(String check) throws ConfigException {
        return ConfigParser.load(PREFIX + check, "c.yaml", directory).config();
    }

    private List<String> warnings(String check) throws ConfigException {
        return ConfigParser.load(PREFIX + check, "c.yaml", directory).warnings().stream().map(ConfigError::message)
                .toList();
    }

    private ConfigException refused(String check) {
        return assertThrows(ConfigException.class, () -> config(check));
    }
}
