package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a valid HTTP configuration is warned of, as it does something else than it seems to. */
class HttpConfigWarningsTest {

    @TempDir
    private Path directory;

    /** Matches of two routes, then the warning about the second one, if any. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "{}                                  | {}                                        | first",
            "{ path: /a }                        | { path: /a }                              | first",
            "{ path: /a }                        | { path: /a, method: GET }                 | first",
            "{ path: [/a, /b], host: [x, y] }    | { path: /b, host: X }                     | first",
            "{ path: /a, header: { A: b } }      | { path: /a, header: { A: b } }            | first",
            "{ path: /a, method: GET }           | { path: /a }                              | -",
            "{ path: /a, method: GET }           | { path: /a, method: POST }                | -",
            "{ path: /a, client: 10.0.0.0/8 }    | { path: /a, cookie: { a: b } }            | -",
            "{ path: /a, path-suffix: b }        | { path: /a, path-suffix: c }              | -",
            "{ path: /a/* }                      | { path: /a/** }                           | -",
            "{}                                  | { path: /a }                              | -",
            "{ path: /a }                        | { path: [/a, /b] }                        | -",
            "{ path: /a }                        | { path: /a, host: x }                     | -"})
    void warnsOfARouteThatGetsNoRequest(String first, String second, String taker) throws Exception {
        List<String> expected = taker == null ? List.of()
                : List.of("7:9: warning: listeners[0].routes[1]: gets no request: " + taker
                        + ", further up, takes all that match");
        assertEquals(expected, warnings("- { name: first, match: " + first + ", pool: p }\n      - { match: " + second
                + ", pool: p }", ""));
    }

    @Test
    void namesAllRoutesThatLeaveAnotherOneNothing() throws Exception {
        assertEquals(List.of("9:9: warning: listeners[0].routes[3]: gets no request: route-1 and route-2, further up, "
                + "take all that match"), warnings("""
                - { match: { path: /a }, pool: p }
                      - { match: { path: [/b, /c] }, pool: p }
                      - { match: { path: [/b, /d] }, pool: p }
                      - { match: { path: [/a, /b, /c] }, pool: p }
                """.strip(), ""));
    }

    /** @param routes the first begins in line 6, column 7, the others follow in lines of their own */
    private List<String> warnings(String routes, String poolKeys) throws ConfigException {
        String yaml = """
                listeners:
                  - name: web
                    bind: 127.0.0.1:1
                    protocol: http
                    routes:
                      %s
                pools: { p: { %s servers: [{ name: s, address: "s:1" }] } }
                """.formatted(routes, poolKeys);
        return ConfigParser.load(yaml, "c.yaml", directory).warnings().stream()
                .map(warning -> warning.render().lines().findFirst().orElseThrow())
                .map(line -> line.substring("c.yaml:".length())).toList();
    }
}
