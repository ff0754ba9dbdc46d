package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
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
            "{ path: /a, method: [GET, POST] }   | { path: /a, method: [POST, GET] }         | first",
            "{ path: /a, method: [GET, POST] }   | { path: /a, method: GET, client: 10.0.0.0/8 } | first",
            "{ path: /a, header: { A: b } }      | { path: /a, header: { C: d, A: b } }      | first",
            "{ path: /a, header: { A: b } }      | { path: /a, header: { A: c } }            | -",
            "{ path: /a, query: { A: b } }       | { path: /a, cookie: { A: b } }            | -",
            "{ path: /a, method: GET }           | { path: /a, method: [GET, POST] }         | -",
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

    /** A key of a route in line 7, column 9, then a place and the text there that looks like a variable. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "request-headers: { set: { Host: $host } }        | 7:41: request-headers.set.Host      | $host",
            "request-headers: { add: { X-A: 'a ${b_c};' } }   | 7:40: request-headers.add.X-A       | ${b_c}",
            "response-headers: { set: { X-A: 'x%[src]y' } }   | 7:41: response-headers.set.X-A      | %[src]",
            "response-headers: { add: { X-A: '%{client_ip}' } } | 7:41: response-headers.add.X-A    | %{client_ip}",
            "request-headers: { set: { X-A: '{http.host}' } } | 7:40: request-headers.set.X-A | {http.host}",
            "request-headers: { set: { X-A: 'US$ 5, $1, 5%, {a}, {\"a\": 1}, %{' } } | - | -",
            "request-headers: { set: { X-A: 'pa$sword $2y$10$nOUI </books/{book.id}>' } } | - | -"})
    void warnsOfVariablesOfOtherProxiesInHeaderRules(String key, String place, String variable) throws Exception {
        assertVariable(place, variable, warnings("- pool: p\n        " + key, ""));
    }

    @Test
    void warnsOfVariablesOfOtherProxiesInARedirect() throws Exception {
        assertVariable("6:25: redirect.to", "$request_uri", warnings("- redirect: { to: 'https://a.b/$request_uri' }\n"
                + "        match: { path: /a }\n      - pool: p", ""));
    }

    private static void assertVariable(String place, String variable, List<String> warnings) {
        assertEquals(place == null ? List.of() : List.of(place.replaceFirst(": ", ": warning: listeners[0].routes[0].")
                + ": \"" + variable + "\" is sent as it stands: there are no variables"), warnings);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "/b/*       | /c    | true",  "/b     | /b/c  | true",  "/bc   | /b  | true", "[/b, /c] | /d | true",
            "/b/*       | /b    | false", "/b/*   | /b/   | false", "/b/** | /b  | false", "/b | /b | false",
            "/b/*       | /b/c  | false", "/b/c/* | /b    | false", "/b/c  | /b  | false", "/* | /b | false",
            "[/b, /c/*] | /c    | false", "/%62/* | /b    | false", "/b     | /%62 | false"})
    void warnsOfAPrefixThatNoPathOfTheRouteHas(String path, String prefix, boolean isIdle) throws Exception {
        List<String> expected = isIdle ? List.of("6:9: warning: listeners[0].routes[0].rewrite.strip-prefix: no path "
                + "of this route begins with " + prefix) : List.of();
        assertEquals(expected, warnings("- { match: { path: " + path + " }, rewrite: { strip-prefix: " + prefix
                + " }, pool: p }", ""));
    }

    @Test
    void warnsOfErrorPagesThatAreNeverSent() throws Exception {
        Files.writeString(directory.resolve("page.html"), "page");
        assertEquals(List.of("7:30: warning: pools.p.error-pages.404: is never sent: Sluice answers 404 only before a "
                + "pool is chosen, if at all, and passes on what servers answer"),
                warnings("- pool: p", "error-pages: { 404: page.html, 413: page.html, 503: page.html },"));
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
