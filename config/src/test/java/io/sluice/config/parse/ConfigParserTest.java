package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AccessConfig;
import io.sluice.config.Cidr;
import io.sluice.config.Endpoint;
import io.sluice.config.FailoverConfig;
import io.sluice.config.HealthCheckConfig;
import io.sluice.config.HealthCheckConfig.Schedule;
import io.sluice.config.OverloadConfig;
import io.sluice.config.PassiveConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.config.Rate;
import io.sluice.config.RateLimitConfig;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.config.SessionLogConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpRouteConfig;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigParserTest {

    private static final String SMALL = """
            listeners: [{ name: a, protocol: tcp, bind: 127.0.0.1:1, pool: p }]
            pools: { p: { servers: [{ name: s, address: "s:1" }] } }
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("io.sluice.config.parse.ExampleFiles#all")
    void readsWhatSluiceShips(Path file) throws Exception {
        // Passwords of health checks are in variables that only the operator's environment has, and the keys for tests
        // in a file that everybody may read.
        assertEquals(List.of(), ConfigParser.load(file).warnings().stream()
                .filter(warning -> !warning.message().contains("_PASSWORD is not set"))
                .filter(warning -> !warning.message().contains("everybody on this host may read")).toList());
    }

    @Test
    void readsAListener() throws Exception {
        SluiceConfig config = parse("""
                listeners:
                  - name: orders-db
                    bind: [0.0.0.0:5432, "[::]:5432"]
                    protocol: tcp
                    pool: p
                    max-connections: 5000
                    max-connections-per-client: 50
                    backlog: 128
                    importance: 7
                    proxy-protocol: { accept: required, trusted: [10.0.0.0/8], timeout: 2s }
                    allow: [10.0.0.0/8]
                    deny: 10.1.2.3
                    rate-limit: { connections: 5/min, burst: 20, dry-run: true }
                    timeouts: { inspect: 3s, client: 2h, half-closed: 5s }
                    session-log: { file: s.log, format: json }
                pools: { p: { servers: [{ name: s, address: "s:1" }] } }
                """);
        Cidr ten = new Cidr(InetAddress.ofLiteral("10.0.0.0"), 8);
        Cidr one = new Cidr(InetAddress.ofLiteral("10.1.2.3"), 32);
        assertEquals(List.of(new TcpListenerConfig("orders-db",
                List.of(new Endpoint("0.0.0.0", 5432), new Endpoint("::", 5432)),
                List.of(new TcpRouteConfig(TcpRouteConfig.Match.ANY,
                        new TargetConfig("p", TargetConfig.Wanted.ANY))), TcpListenerConfig.Inspect.OFF, 5000, 50,
                128, 7,
                new ProxyProtocolConfig(ProxyProtocolConfig.Accept.REQUIRED, List.of(ten), Duration.ofSeconds(2)),
                new AccessConfig(List.of(ten), List.of(one)),
                Optional.of(new RateLimitConfig(new Rate(5, Rate.Per.MINUTE), 20, RateLimitConfig.BY_CLIENT, true)),
                Optional.empty(),
                new TcpListenerConfig.Timeouts(Duration.ofSeconds(3), Duration.ofHours(2), Duration.ofSeconds(5)),
                new SessionLogConfig(SessionLogConfig.Target.FILE, Optional.of(directory.resolve("s.log")),
                        SessionLogConfig.Format.JSON))), config.listeners());
    }

    @Test
    void readsWhenToTakeOnLess() throws Exception {
        String rest = """
                listeners: [{ name: a, protocol: tcp, bind: 127.0.0.1:1, pool: p }]
                pools: { p: { servers: [{ name: s, address: "s:1" }] } }
                """;
        assertEquals(new OverloadConfig(90, 90, 90), parse(rest).overload());
        assertEquals(new OverloadConfig(100, 10, 75),
                parse("overload: { file-descriptors: 100%, direct-memory: 10%, heap: 75% }\n" + rest).overload());
        assertThrows(ConfigException.class, () -> parse("overload: { heap: 9% }\n" + rest));
    }

    @Test
    void readsAPool() throws Exception {
        SluiceConfig config = parse("""
                listeners: [{ name: a, protocol: tcp, bind: 127.0.0.1:1, pool: p }]
                pools:
                  p:
                    balance: least-connections
                    servers:
                      - { name: db1, address: 10.0.0.11:5432, weight: 2, max-connections: 200 }
                      - { name: db2, address: 10.0.0.12:5432, backup: true }
                    health-check: { type: tcp, interval: 3s, fast-interval: 500ms, timeout: 1s, rise: 4, fall: 5 }
                    passive: { connect-failures: 2, eject-for: 9s, max-ejected: 10% }
                    timeouts: { connect: 1s, server: 2h, queue: 3s }
                    retries: 1
                    slow-start: 30s
                    on-down: close-connections
                    send-proxy-protocol: v2
                    source: [10.0.0.5]
                    initial-state: up
                    max-queue: 9
                    resolve-interval: 1m
                    hold: 10s
                    on-role-change: keep
                    on-failback: close-connections
                    close-rate: 50/s
                    split-brain: refuse
                """);
        Schedule schedule = new Schedule(Duration.ofSeconds(3), Duration.ofMillis(500), Duration.ofSeconds(3),
                Duration.ofSeconds(1), 4, 5);
        assertEquals(List.of(new PoolConfig("p", PoolConfig.Balance.LEAST_CONNECTIONS,
                List.of(new ServerConfig("db1", new Endpoint("10.0.0.11", 5432), 2, false, 200, AdminState.READY),
                        new ServerConfig("db2", new Endpoint("10.0.0.12", 5432), 1, true, SluiceConfig.UNLIMITED,
                                AdminState.READY)),
                Optional.of(new HealthCheckConfig.Tcp(schedule, Optional.empty())), PoolConfig.InitialState.UP,
                new PassiveConfig(2, Duration.ofSeconds(9), 10),
                new PoolConfig.Timeouts(Duration.ofSeconds(1), Duration.ofHours(2), Duration.ofSeconds(3)), 1,
                Duration.ofSeconds(30), PoolConfig.OnDown.CLOSE_CONNECTIONS, PoolConfig.ProxyProtocolVersion.V2,
                Optional.empty(), List.of(InetAddress.ofLiteral("10.0.0.5")), 9, Duration.ofMinutes(1),
                new FailoverConfig(Duration.ofSeconds(10), FailoverConfig.OnRoleChange.KEEP,
                        FailoverConfig.OnFailback.CLOSE_CONNECTIONS, Rate.perSecond(50),
                        FailoverConfig.SplitBrain.REFUSE),
                parse(SMALL).pool("p").http())), config.pools());
    }

    @Test
    void theTimeoutOfAHealthCheckIsAtMostTwoSecondsByDefault() throws Exception {
        String pool = "pools: { p: { servers: [{ name: s, address: \"s:1\" }], health-check: { type: tcp%s } } }\n";
        String listener = SMALL.lines().findFirst().orElseThrow() + "\n";
        assertEquals(Duration.ofSeconds(2), timeout(parse(listener + pool.formatted(", interval: 5s"))));
        assertEquals(Duration.ofSeconds(1), timeout(parse(listener + pool.formatted(", interval: 1s"))));
        assertEquals(Duration.ofSeconds(9), timeout(parse(listener + pool.formatted(", interval: 1s, timeout: 9s"))));
    }

    private static Duration timeout(SluiceConfig config) {
        return config.pool("p").healthCheck().orElseThrow().schedule().timeout();
    }

    @Test
    void readsAStarAsEveryIpv4Address() throws Exception {
        SluiceConfig config = parse(SMALL.replace("127.0.0.1:1", "\"*:1\""));
        assertEquals(List.of(new Endpoint("0.0.0.0", 1)), config.listeners().getFirst().bind());
    }

    @Test
    void resolvesAnAlias() throws Exception {
        SluiceConfig config = parse("""
                listeners: [{ name: a, protocol: tcp, bind: 127.0.0.1:1, pool: &p p }]
                pools: { *p : { servers: &s [{ name: s, address: "s:1" }] }, q: { servers: *s } }
                """);
        assertEquals(config.pool("p").servers(), config.pool("q").servers());
    }

    @Test
    void startsRelativePathsAtTheDirectoryOfTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("c.yaml"),
                SMALL.replace("pool: p }", "pool: p, session-log: { file: ../logs/s.log } }"));
        assertEquals(Optional.of(directory.getParent().resolve("logs/s.log")),
                sessionLog(ConfigParser.load(file).config()).file());
    }

    private static SessionLogConfig sessionLog(SluiceConfig config) {
        return ((TcpListenerConfig) config.listeners().getFirst()).sessionLog();
    }

    @Test
    void warnsOfAPoolThatNothingUses() throws Exception {
        LoadedConfig loaded = ConfigParser.load(
                SMALL.replace("pools: {", "pools: { q: { servers: [{ name: s, address: \"s:1\" }] },"),
                "c.yaml", directory);
        assertEquals(1, loaded.warnings().size());
        String warning = loaded.warnings().getFirst().render();
        assertTrue(warning.startsWith("c.yaml:2:10: warning: pools.q: no listener uses this pool\n"), warning);
    }

    @Test
    void warnsOfKeysForHttpInAPoolThatOnlyTcpUses() throws Exception {
        String http = "balance: hash, hash-by: { cookie: a }, sticky: { cookie: b },";
        assertEquals(List.of("warning: pools.p: the pool's clients use TCP, which does not follow hash-by and sticky: "
                + "that takes a listener with protocol: http"), warnings("tcp", http));
        assertEquals(List.of(), warnings("http", http));
        assertEquals(List.of(), warnings("tcp", "balance: hash, hash-by: client,"));
    }

    @Test
    void warnsIfAPoolThatHoldsClientsDoesNotRetryForThem() throws Exception {
        assertEquals(List.of("warning: pools.p: hold does not hold clients that a server refuses before it is DOWN: "
                + "that takes retries: 1 at least"), warnings("tcp", "hold: 1s, retries: 0,"));
        for (String retry : List.of("attempts: 0", "on: [idle-closed]")) {
            assertEquals(List.of("warning: pools.p: hold does not hold requests that a server refuses before it is "
                    + "DOWN: that takes a retry on connect-failure"),
                    warnings("http", "hold: 1s, retry: { %s },".formatted(retry)));
        }
        assertEquals(List.of(), warnings("tcp", "hold: 1s, retries: 1, retry: { attempts: 0 },"));
        assertEquals(List.of(), warnings("http", "hold: 1s, retries: 0, retry: { attempts: 1 },"));
        assertEquals(List.of(), warnings("tcp", "retries: 0,"));
    }

    @Test
    void warnsOfTrustedSendersOfHeadersThatAreNotRead() throws Exception {
        for (String protocol : List.of("tcp", "http")) {
            String off = protocol + ", proxy-protocol: { accept: off";
            assertEquals(List.of("warning: listeners[0].proxy-protocol: headers are not read, whoever sends them: that "
                    + "takes accept: required"), warnings(off + ", trusted: [10.0.0.0/8] }", ""));
            assertEquals(List.of(), warnings(off + " }", ""));
        }
    }

    @Test
    void warnsOfAStateFileInADirectoryThatIsMissing() throws Exception {
        String file = SMALL + "state-file: nowhere/sluice.state\n";
        assertEquals(List.of("warning: state-file: no such directory: " + directory.resolve("nowhere") + "; without it "
                + "nothing can be remembered"), ConfigParser.load(file, "c.yaml", directory).warnings().stream()
                .map(ConfigError::message).toList());
        Files.createDirectory(directory.resolve("nowhere"));
        assertEquals(List.of(), ConfigParser.load(file, "c.yaml", directory).warnings());
    }

    @Test
    void warnsOfALogInADirectoryThatIsMissing() throws Exception {
        for (String log : List.of("protocol: tcp, session-log", "protocol: http, access-log")) {
            assertEquals(List.of("file: no such directory: " + directory.resolve("nowhere") + "; without it the "
                    + "file cannot be opened"), ConfigParser.load(SMALL.replace("protocol: tcp", log
                    + ": { file: nowhere/a.log }"), "c.yaml", directory).warnings().stream()
                    .map(warning -> warning.message().substring(warning.message().indexOf("file:"))).toList());
            assertEquals(List.of(), ConfigParser.load(SMALL.replace("protocol: tcp", log + ": { file: a.log }"),
                    "c.yaml", directory).warnings());
        }
    }

    @Test
    void looksForTheDirectoryOfAStateFileWithoutOneInItsPath() throws Exception {
        assertEquals(List.of(), ConfigParser.load(SMALL + "state-file: s", "c.yaml", Path.of("")).warnings());
    }

    @Test
    void warnsOfAFileThatIsADirectory() throws Exception {
        for (String file : List.of(directory.toString(), "/")) {
            assertEquals(List.of("warning: state-file: is a directory: " + file + "; with it nothing can be "
                    + "remembered"), ConfigParser.load(SMALL + "state-file: " + file, "c.yaml", directory).warnings()
                    .stream().map(ConfigError::message).toList());
        }
    }

    private List<String> warnings(String protocol, String poolKeys) throws ConfigException {
        return ConfigParser.load("""
                listeners: [{ name: in, bind: "127.0.0.1:1", protocol: %s, pool: p }]
                pools: { p: { %s servers: [{ name: s, address: "s:1" }] } }
                """.formatted(protocol, poolKeys), "c.yaml", directory).warnings().stream()
                .map(warning -> warning.render().lines().findFirst().orElseThrow())
                .map(line -> line.substring(line.indexOf("warning"))).toList();
    }

    @Test
    void readsAFileWithAByteOrderMarkAndWindowsLineEnds() throws Exception {
        Path file = Files.writeString(directory.resolve("c.yaml"), "\uFEFF" + SMALL.replace("\n", "\r\n"));
        assertEquals(parse(SMALL), ConfigParser.load(file).config());
    }

    @Test
    void refusesAFileThatIsNotThere() throws Exception {
        Path file = directory.resolve("none.yaml");
        assertEquals(file + ": no such file", failure(file).getMessage());
        assertEquals(directory + ": is a directory, not a file", failure(directory).getMessage());
        Path below = Files.createFile(directory.resolve("file")).resolve("c.yaml");
        assertEquals(below + ": cannot be read: Not a directory", failure(below).getMessage());
    }

    @Test
    void refusesAFileThatIsNotUtf8AndSaysWhere() throws Exception {
        Path file = directory.resolve("c.yaml");
        Files.write(file, "a: 1\nb: gr\u00fcn".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(file + ":2:6: not UTF-8 text from here on\n    b: gr\n         ^", failure(file).getMessage());
    }

    @Test
    void refusesAFileThatIsTooLarge() throws Exception {
        Path file = directory.resolve("c.yaml");
        Files.write(file, new byte[16 * 1024 * 1024 + 1]);
        assertEquals(file + ": the configuration is larger than 16 MiB", failure(file).getMessage());
        Files.writeString(file, "#\u00e4\n".repeat(4 * 1024 * 1024 + 1));
        assertEquals(file + ": the configuration is larger than 16 MiB", failure(file).getMessage());
        ConfigException failure = assertThrows(ConfigException.class,
                () -> parse("#\n".repeat(8 * 1024 * 1024) + "\n"));
        assertEquals("c.yaml: the configuration is larger than 16 MiB", failure.getMessage());
    }

    @Test
    void quotesNoSecretAndKeepsTheMarkInItsPlace() {
        ConfigException failure = assertThrows(ConfigException.class,
                () -> parse("admin: { token: 'hush, secret: hush', tokn: 1 }"));
        assertTrue(failure.getMessage().contains("\n    admin: { token: ********************, tokn: 1 }\n"
                + " ".repeat(4 + 38) + "^"), failure::getMessage);
    }

    /** One long comment of 10 MB would keep the YAML library busy for minutes. */
    @Test
    void refusesALineThatIsTooLong() {
        ConfigException failure = assertThrows(ConfigException.class,
                () -> parse("workers: 1\n# " + "x".repeat(256 * 1024) + "\n"));
        assertEquals("c.yaml:2:1: the line is longer than 256 KiB", failure.getMessage());
    }

    @Test
    void refusesDeepNestingBeforeItEndsTheStack() {
        ConfigException failure = assertThrows(ConfigException.class, () -> parse("[".repeat(200_000)));
        assertTrue(failure.getMessage().startsWith("c.yaml:1:33: not YAML: nested more than 32 deep\n"));
        assertTrue(failure.getMessage().length() < 1000, "a long line is quoted in part");
    }

    @Test
    void survivesAnAliasBomb() {
        StringBuilder yaml = new StringBuilder("a0: &a0 { servers: [] }\n");
        for (int i = 1; i <= 30; i++) {
            yaml.append("a%1$d: &a%1$d [".formatted(i)).append(("*a" + (i - 1) + ", ").repeat(9)).append("]\n");
        }
        yaml.append("pools: *a30\nlisteners: *a30\n");
        assertThrows(ConfigException.class, () -> parse(yaml.toString()));
    }

    @Test
    void survivesAnAliasOfItself() {
        assertThrows(ConfigException.class, () -> parse("&a\nlisteners: [*a]\npools: *a\n"));
    }

    @Test
    void reportsNoMoreThanAThousandErrors() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            yaml.append('k').append(i).append(": 1\n");
        }
        ConfigException failure = assertThrows(ConfigException.class, () -> parse(yaml.toString()));
        assertEquals(1000, failure.errors().size());
    }

    private static ConfigException failure(Path file) {
        return assertThrows(ConfigException.class, () -> ConfigParser.load(file));
    }

    private SluiceConfig parse(String yaml) throws ConfigException {
        return ConfigParser.load(yaml, "c.yaml", directory).config();
    }
}
