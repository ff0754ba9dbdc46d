package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a wrong access-log format is told, at its place in the file. */
class AccessLogSectionTest {

    @Test
    void suggestsTheFieldThatWasMeant() {
        assertEquals("""
                c.yaml:5:27: listeners[0].access-log.format: unknown field %{statsu}
                        access-log: { format: '%{method} %{statsu}' }
                                              ^
                    did you mean "status"?
                """, failure("%{method} %{statsu}"));
        assertEquals("""
                c.yaml:5:27: listeners[0].access-log.format: unknown field %{header.}
                        access-log: { format: '%{header.}' }
                                              ^
                    did you mean "header.NAME"?
                """, failure("%{header.}"));
    }

    @Test
    void refusesAFieldThatDoesNotEnd() {
        assertEquals("""
                c.yaml:5:27: listeners[0].access-log.format: a field is a name between %{ and }
                        access-log: { format: '%{method' }
                                              ^
                """, failure("%{method"));
    }

    @Test
    void refusesAWordThatIsNoFormat() {
        assertEquals("""
                c.yaml:5:27: listeners[0].access-log.format: \
                expected combined, json or a line with fields as %{...} in it, not "common"
                        access-log: { format: 'common' }
                                              ^
                """, failure("common"));
    }

    private static String failure(String format) {
        String yaml = """
                listeners:
                  - name: web
                    bind: 127.0.0.1:8080
                    protocol: http
                    access-log: { format: '%s' }
                    routes: [{ pool: p }]
                pools:
                  p: { servers: [{ name: s, address: 127.0.0.1:9000 }] }
                """.formatted(format);
        ConfigException refused = assertThrows(ConfigException.class,
                () -> ConfigParser.load(yaml, "c.yaml", Path.of("/base")));
        return refused.getMessage() + "\n";
    }
}
