package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocationsTest {

    private static final String TEXT = """
            listeners:
              - name: db
                bind: [127.0.0.1:1, 127.0.0.1:2]
                protocol: tcp
                pool: a
            pools: { a: { servers: [{ name: one, address: 127.0.0.1:3 }] } }
            """;

    @Test
    void findsAKeyByItsPath() throws ConfigException {
        assertEquals("file:3:25: listeners[0].bind[1]: is taken\n"
                + "        bind: [127.0.0.1:1, 127.0.0.1:2]\n"
                + "                            ^\n"
                + "    free it", error("listeners[0].bind[1]"));
    }

    @Test
    void showsTheNearestPartAroundAKeyThatIsNotWritten() throws ConfigException {
        assertEquals("file:2:5: listeners[0].session-log.file: is taken",
                error("listeners[0].session-log.file").lines().findFirst().orElseThrow());
        assertEquals("file:3:11: listeners[0].bind[7]: is taken",
                error("listeners[0].bind[7]").lines().findFirst().orElseThrow());
    }

    private static String error(String path) throws ConfigException {
        return ConfigParser.load(TEXT, "file", Path.of("")).locations()
                .error(path, "is taken", Optional.of("free it")).render();
    }
}
