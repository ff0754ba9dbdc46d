package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Edits of a configuration's text change what they are for, and nothing else. */
class ConfigDocumentTest {

    private static final ConfigDocument DOCUMENT = new ConfigDocument("test.yaml", """
            listeners:
              - { name: web, bind: 127.0.0.1:1, protocol: tcp, pool: 'a' }   # a comment
            pools:
              a:
                servers:
                  - { name: one, address: "db:1", weight: 2 }
                  - name: two
                    address: db:2
                health-check: { type: tcp, interval: 2s }
              b: { servers: [{ name: "1e3", address: db:3 }] }
            """, Path.of(""), Optional.empty());

    static List<Path> examples() throws Exception {
        return ExampleFiles.all();
    }

    private static List<String> servers(ConfigDocument document, String pool) throws ConfigException {
        return document.load().config().pool(pool).servers().stream().map(ServerConfig::name).toList();
    }

    @Test
    void addsAServer() throws ConfigException {
        ConfigDocument edited = DOCUMENT.withServer("a", "{\"name\":\"three\",\"address\":\"db:3\"}").orElseThrow();
        assertEquals(List.of("one", "two", "three"), servers(edited, "a"));
        assertEquals(List.of("1e3"), servers(edited, "b"));
        assertEquals(DOCUMENT.load().config().pool("b"), edited.load().config().pool("b"));
    }

    @Test
    void removesAServer() throws ConfigException {
        ConfigDocument edited = DOCUMENT.withoutServer("a", "two").orElseThrow();
        assertEquals(List.of("one"), servers(edited, "a"));
        assertEquals(2, edited.load().config().pool("a").servers().getFirst().weight());
    }

    @Test
    void addsAndRemovesAPool() throws ConfigException {
        ConfigDocument edited = DOCUMENT.withPool("c", "{\"servers\":[{\"name\":\"x\",\"address\":\"[::1]:9\"}]}");
        assertEquals(List.of("a", "b", "c"),
                edited.load().config().pools().stream().map(PoolConfig::name).toList());
        assertEquals(DOCUMENT.load().config(), edited.withoutPool("c").orElseThrow().load().config());
    }

    @Test
    void addsAndRemovesAListener() throws ConfigException {
        ConfigDocument edited = DOCUMENT.withListener(
                "{\"name\":\"more\",\"bind\":[\"127.0.0.1:2\"],\"protocol\":\"tcp\",\"pool\":\"b\"}");
        assertEquals(List.of("web", "more"),
                edited.load().config().listeners().stream().map(ListenerConfig::name).toList());
        assertEquals(DOCUMENT.load().config(), edited.withoutListener("more").orElseThrow().load().config());
    }

    @Test
    void findsNothingToEdit() throws ConfigException {
        assertTrue(DOCUMENT.withServer("c", "{}").isEmpty());
        assertTrue(DOCUMENT.withoutServer("a", "three").isEmpty());
        assertTrue(DOCUMENT.withoutServer("c", "one").isEmpty());
        assertTrue(DOCUMENT.withoutPool("c").isEmpty());
        assertTrue(DOCUMENT.withoutListener("more").isEmpty());
    }

    @Test
    void leavesItToTheParserWhatIsValid() throws ConfigException {
        ConfigDocument edited = DOCUMENT.withServer("a", "{\"name\":\"one\"}").orElseThrow();
        ConfigException invalid = assertThrows(ConfigException.class, edited::load);
        assertTrue(invalid.getMessage().contains("address"), invalid::getMessage);
        assertThrows(ConfigException.class, DOCUMENT.withoutPool("a").orElseThrow()::load);
        assertThrows(IllegalArgumentException.class, () -> DOCUMENT.withServer("a", "{"));
    }

    @Test
    void hidesSecretsAndNothingElse() throws ConfigException {
        String text = """
                admin: { token: 0123456789abcdef }   # stays
                listeners: [{ name: web, bind: 127.0.0.1:1, protocol: http, pool: a }]
                pools:
                  a:
                    servers: [{ name: one, address: db:1, token: hush }]
                    sticky: { cookie: c, "secret": 'it''s \u00e9', secure: true }
                """;
        String expected = text.replace("0123456789abcdef", "\"***\"").replace("hush", "\"***\"")
                .replace("'it''s \u00e9'", "\"***\"");
        assertEquals(expected, DOCUMENT.withText(text).textWithoutSecrets());
    }

    /** An alias stands for what was written before it, perhaps where no secret is looked for. */
    @Test
    void hidesASecretWhereItIsWrittenForTheFirstTime() throws ConfigException {
        String text = """
                listeners: [{ name: web, bind: 127.0.0.1:1, protocol: http, pool: a }]
                pools:
                  a:
                    servers: [{ name: &s hush, address: db:1 }]
                    sticky: { cookie: c, secret: other }
                  b:
                    servers: [{ name: one, address: db:1 }]
                    sticky: { cookie: c, secret: *s }
                """;
        String shown = DOCUMENT.withText(text).textWithoutSecrets();
        assertFalse(shown.contains("hush") || shown.contains("other"), shown);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void keepsTheMeaningOfEveryExample(Path file) throws ConfigException {
        ConfigDocument document = ConfigDocument.read(file);
        ConfigDocument edited = document
                .withPool("added-by-a-test", "{\"servers\":[{\"name\":\"s\",\"address\":\"s:1\"}]}")
                .withoutPool("added-by-a-test").orElseThrow();
        assertEquals(document.load().config(), edited.load().config());
    }
}
