package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.TcpListenerConfig;
import io.sluice.config.pem.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pools ask their servers for TLS as PostgreSQL's want it, and which listeners can serve by them. */
class PostgresTlsConfigTest {

    private static final String TCP = "protocol: tcp, pool: p, inspect: postgres";
    private static final String UNANSWERED = "clients that ask for TLS first";
    private static final String ASKING = "tls: { negotiation: postgres }";
    private static final String CERTIFICATE = "certificates: [{ chain: a.pem, key: a.key }]";
    private static final String TLS = "tls: { " + CERTIFICATE + " }";

    @TempDir
    private static Path directory;

    @BeforeAll
    static void writeCertificates() throws IOException {
        TestAuthority.root("root").ec("a.test").write(directory, "a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `` | false
            health-check: { type: postgres, user: u } | false
            tls: {} | false
            tls: {}, health-check: { type: tcp } | false
            tls: {}, health-check: { type: mysql, user: u } | false
            tls: {}, health-check: { type: postgres, user: u } | true
            tls: { negotiation: postgres } | true
            tls: { negotiation: postgres }, health-check: { type: tcp } | true
            tls: { negotiation: postgres }, health-check: { type: postgres, user: u } | true
            tls: { negotiation: direct }, health-check: { type: postgres, user: u } | false
            """)
    void knowsByTheHealthCheckWhatServersAreUnlessItIsSaid(String keys, boolean asks) throws Exception {
        LoadedConfig loaded = load(TCP, keys);
        assertEquals(asks, loaded.config().pool("p").asksForPostgresTls());
        assertEquals(loaded.config(),
                ConfigParser.load(ConfigDump.toYaml(loaded.config()), "dump.yaml", directory).config());
        assertEquals(List.of(), loaded.warnings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "mysql", "redis"})
    void refusesAHealthCheckOfOtherServers(String type) {
        String check = type.equals("http") ? "{ type: http }" : "{ type: " + type + ", user: u, password-env: PATH }";
        assertFails(TCP, ASKING + ", health-check: " + check,
                "pools.p.tls: negotiation: postgres is for servers of PostgreSQL, and the health-check is of others");
    }

    /** Without it, libpq breaks off TLS that it has begun without a request ({@code sslnegotiation=direct}). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            inspect: postgres, tls: { CERTIFICATE }                 | [postgresql]
            inspect: postgres, tls: { CERTIFICATE, alpn: [other] }  | [other]
            inspect: tls, tls: { CERTIFICATE }                      | []
            tls: { CERTIFICATE }                                    | []
            """)
    void agreesOnPostgresqlWithItsClients(String keys, String alpn) throws Exception {
        LoadedConfig loaded = load("protocol: tcp, pool: p, " + keys.replace("CERTIFICATE", CERTIFICATE), "");
        TcpListenerConfig found = (TcpListenerConfig) loaded.config().listeners().getFirst();
        assertEquals(alpn, found.tls().orElseThrow().alpn().toString());
        assertEquals(loaded.config(),
                ConfigParser.load(ConfigDump.toYaml(loaded.config()), "dump.yaml", directory).config());
    }

    @Test
    void refusesAnotherNegotiation() {
        assertFails(TCP, "tls: { negotiation: mysql }", "pools.p.tls.negotiation: unknown value \"mysql\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            protocol: http, pool: p | which is not for HTTP
            protocol: tcp, TLS, inspect: postgres, routes: [{ pool: p, pass-tls: true }] | so clients' own cannot be \
            passed
            protocol: tcp, routes: [{ match: { sni: a.b }, pool: p }] | so clients that are told apart by theirs \
            cannot be passed
            """)
    void refusesListenersWhoseClientsSuchServersCannotTake(String listener, String why) {
        assertFails(listener.replace("TLS", TLS), ASKING,
                "listeners[0]: pool \"p\" begins TLS of its own as PostgreSQL does, " + why);
    }

    @ParameterizedTest
    @ValueSource(strings = {TCP, TCP + ", " + TLS, "protocol: tcp, pool: p, " + TLS,
        "protocol: tcp, inspect: postgres, " + TLS + ", routes: [{ match: { sni: a.b }, pool: p }]"})
    void takesAllOtherListeners(String listener) throws Exception {
        assertFalse(load(listener, ASKING).warnings().toString().contains(UNANSWERED));
    }

    @Test
    void warnsOfAListenerThatDoesNotAnswerClientsWhoAskForTls() throws Exception {
        String warnings = load("protocol: tcp, pool: p", ASKING).warnings().toString();
        assertTrue(warnings.contains(UNANSWERED), warnings);
    }

    private static void assertFails(String listener, String pool, String message) {
        ConfigException e = assertThrows(ConfigException.class, () -> load(listener, pool));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static LoadedConfig load(String listener, String pool) throws ConfigException {
        return ConfigParser.load("listeners: [{ name: l, bind: 127.0.0.1:1, " + listener + " }]\npools: { p: { "
                + "servers: [{ name: s, address: db:1 }]" + (pool.isEmpty() ? "" : ", " + pool) + " } }\n", "test.yaml",
                directory);
    }
}
