package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AdminConfig;
import io.sluice.config.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of the admin address. */
class AdminSectionsTest {

    private static final String REST = """

            listeners: [{ name: web, bind: 127.0.0.1:1, protocol: tcp, pool: a }]
            pools: { a: { servers: [{ name: one, address: db:1 }] } }
            """;

    @TempDir
    private Path directory;

    private LoadedConfig load(String keys) throws ConfigException {
        return ConfigParser.load(keys + REST, "test.yaml", directory);
    }

    @Test
    void hasNoAdminAddressUnlessAskedFor() throws ConfigException {
        assertTrue(load("").config().admin().isEmpty());
        assertTrue(AdminAccess.of(load("")).isEmpty());
    }

    @Test
    void listensOnLoopbackByDefault() throws ConfigException {
        AdminConfig admin = load("admin: {}").config().admin().orElseThrow();
        assertEquals(new Endpoint("127.0.0.1", 9090), admin.bind());
        assertFalse(admin.metricsToken());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            admin: { bind: 0.0.0.0:9090 } | 1:16: admin.bind: is reachable from other hosts, and the token would
            admin: { bind: 10.0.0.1:9090 } | 1:16: admin.bind: is reachable from other hosts, and the token would
            admin: { token: short } | 1:17: admin.token: a token has at least 16 characters
            admin: { token: 0123456789abcdef, token-file: x } | 1:17: admin.token: give token or token-file, not both
            admin: { tls: { chain: none.pem, key: none.key } } | 1:24: admin.tls.chain: no such file:
            admin: { bind: 127.0.0.1:1 } | is already listened on
            """)
    void refusesWhatWouldNotBeSafeOrNotWork(String keys, String message) {
        ConfigException error = assertThrows(ConfigException.class, () -> load(keys));
        assertTrue(error.getMessage().contains(message), error::getMessage);
        assertFalse(error.getMessage().contains("0123456789abcdef"), "a token is not to be seen in a log");
    }

    @Test
    void listensElsewhereWithTls() throws Exception {
        Files.writeString(directory.resolve("a.pem"), "");
        AdminConfig admin = load("admin: { bind: 0.0.0.0:9090, tls: { chain: a.pem, key: a.pem } }").config().admin()
                .orElseThrow();
        assertEquals(directory.resolve("a.pem"), admin.tls().orElseThrow().chain());
    }

    @Test
    void findsTheTokenWhereTheConfigurationSays() throws ConfigException {
        assertEquals(directory.resolve("admin.token"), tokenFile("admin: {}"));
        assertEquals(Path.of("/run/x/admin.token"), tokenFile("admin: {}\nstate-file: /run/x/state"));
        assertEquals(directory.resolve("t"), tokenFile("admin: { token-file: t }\nstate-file: /run/x/state"));
    }

    private Path tokenFile(String keys) throws ConfigException {
        return AdminAccess.of(load(keys)).orElseThrow().tokenFile();
    }

    @Test
    void findsTheAdminAddressOfAFileThatIsBeingMended() throws Exception {
        Path file = Files.writeString(directory.resolve("sluice.yaml"),
                "admin: { bind: 127.0.0.1:7 }\nwrokers: 2\nlisteners: 3\n");
        AdminAccess access = AdminAccess.read(file).orElseThrow();
        assertEquals(7, access.admin().bind().port());
        assertEquals(directory.resolve("admin.token"), access.tokenFile());
        Files.writeString(file, "listeners: 3\n");
        assertEquals(Optional.empty(), AdminAccess.read(file));
    }

    @Test
    void saysWhatIsWrongWithTheAdminAddressItself() throws IOException {
        Path file = Files.writeString(directory.resolve("sluice.yaml"), "admin: { bnid: 127.0.0.1:7 }\n");
        ConfigException error = assertThrows(ConfigException.class, () -> AdminAccess.read(file));
        assertTrue(error.getMessage().contains("did you mean \"bind\"?"), error::getMessage);
    }
}
