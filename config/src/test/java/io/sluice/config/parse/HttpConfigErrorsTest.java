package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a wrong HTTP configuration is told. */
class HttpConfigErrorsTest {

    private static final String LISTENER =
            "listeners:\n  - name: web\n    protocol: http\n    bind: 127.0.0.1:1\n    ";
    private static final String POOLS = "\npools:\n  p:\n    servers: [{ name: s, address: db:1 }]\n"
            + "  q:\n    servers: [{ name: s, address: db:2 }]\n";

    @TempDir
    private Path directory;

    /** Keys of a listener in line 5, column 5; a {@code ~} is a line break with four spaces. Then message and hint. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            backlog: 1 | 2:5: listeners[0].routes: an HTTP listener has either routes or a pool |
            pool: p~routes: [{ pool: p }] | 6:13: listeners[0].routes: an HTTP listener has either routes or a pool |
            pool: r | 5:11: listeners[0].pool: no pool is named "r" | did you mean "p"?
            sticky: { cookie: a }~pool: p | 5:5: listeners[0]: unknown key "sticky" | write it into the pool
            acess-log: off~pool: p | 5:5: listeners[0]: unknown key "acess-log" | did you mean "access-log"?
            pool: p~timeouts: { tunel: 1h } | 6:17: listeners[0].timeouts: unknown key "tunel" | did you mean "tunnel"?
            pool: p~limits: { header-bytes: 1 } | 6:29: listeners[0].limits.header-bytes: must be at least 1KiB, not 1 |
            pool: p~forwarded: { via: "a b" } | 6:23: listeners[0].forwarded.via: the name of a proxy is 1 to 64 \
            letters, digits, '.', '_' or '-', not "a b" |
            pool: p~forwarded: { client: x-forwarded-for } | 6:26: listeners[0].forwarded.client: client: \
            x-forwarded-for needs trusted: the networks that may send it |
            pool: p~forwarded: { trusted: 10.0.0.0/8, client: x-real-ip } | 6:47: listeners[0].forwarded.client: \
            unknown value "x-real-ip" | known here: connection, x-forwarded-for
            pool: p~access-log: { format: common } | 6:27: listeners[0].access-log.format: expected combined, json or \
            a line with fields as %{...} in it, not "common" |
            """)
    void explainsWhatIsWrongWithAListener(String keys, String message, String suggestion) {
        assertError(message, suggestion, LISTENER + keys.replace("~", "\n    ") + POOLS);
    }

    /** Keys of a route in line 6, column 9; a {@code ~} is a line break with eight spaces. Then message and hint. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name: x | 6:9: listeners[0].routes[0].pool: a route has exactly one of pool, split, redirect and respond |
            pool: p~respond: {} | 6:15: listeners[0].routes[0].pool: a route has exactly one of pool, split, redirect \
            and respond |
            pool: p~split-by: path | 7:19: listeners[0].routes[0].split-by: is for routes with a split |
            respond: {}~limits: { body-bytes: 1 } | 7:17: listeners[0].routes[0].limits: limits of its own are for a \
            route with a pool or a split; the listener's hold here, too |
            redirect: { to: / }~timeouts: { server: 1s } | 7:19: listeners[0].routes[0].timeouts: timeouts are for a \
            route with a pool or a split; this one waits for no server |
            pool: p~timeouts: { connect: 1s } | 7:21: listeners[0].routes[0].timeouts: unknown key "connect" | \
            known here: response, server, tunnel
            pool: p~limits: { headers: 9 } | 7:19: listeners[0].routes[0].limits: unknown key "headers" | \
            known here: body-bytes
            pool: p~rate-limit: 10/s | 7:21: listeners[0].routes[0].rate-limit: expected a mapping of keys, not \
            "10/s" | write { requests: ... }
            pool: p~rate-limit: { burst: 5 } | 7:21: listeners[0].routes[0].rate-limit: key "requests" is missing |
            pool: p~rate-limit: { requests: 5/m } | 7:33: listeners[0].routes[0].rate-limit.requests: unknown unit \
            "m" | write 5/min if minutes are meant
            pool: p~rate-limit: { requests: 5/hour } | 7:33: listeners[0].routes[0].rate-limit.requests: unknown unit \
            "hour" | known here: s, min, h
            pool: p~rate-limit: { requests: 5/s, burst: 0 } | 7:45: listeners[0].routes[0].rate-limit.burst: expected \
            a whole number from 1 to 1000000, not "0" |
            pool: p~rate-limit: { requests: 5/s, by: header } | 7:42: listeners[0].routes[0].rate-limit.by: expected a \
            mapping of keys or the word client or path or route, not "header" | known here: header, cookie, query
            pool: p~rate-limit: { requests: 5/s, by: ip } | 7:42: listeners[0].routes[0].rate-limit.by: expected a \
            mapping of keys or the word client or path or route, not "ip" | did you mean "client"?
            pool: p~rate-limit: { requests: 10r/s } | 7:33: listeners[0].routes[0].rate-limit.requests: expected a \
            rate such as 200/s, 5/min or 100/h, not "10r/s" | write 10/s
            pool: p~path: /x | 7:9: listeners[0].routes[0]: unknown key "path" | write it inside match
            pool: p~rate-limit: { connections: 5/s, requests: 5/s } | 7:23: listeners[0].routes[0].rate-limit: key \
            "connections" is not for here | connections are limited by the rate-limit of a listener
            pool: p~split-by: host | 7:19: listeners[0].routes[0].split-by: expected a mapping of keys or the word \
            client or path, not "host" | known here: header, cookie, query
            pool: p~split-by: {} | 7:19: listeners[0].routes[0].split-by.header: give exactly one of header, cookie, \
            query |
            pool: p~match: { path-suffix: "*.php" } | 7:31: listeners[0].routes[0].match.path-suffix: a suffix is \
            written without a * | write .php
            pool: p~match: { path: "/a/%2E%2e/*" } | 7:24: listeners[0].routes[0].match.path: no request has a path \
            with dot segments: they are resolved before |
            pool: p~match: { path-suffix: "/%2e" } | 7:31: listeners[0].routes[0].match.path-suffix: no request has a \
            path with dot segments: they are resolved before |
            pool: p~match: { path_end: .php } | 7:18: listeners[0].routes[0].match: unknown key "path_end" | did you \
            mean "path-suffix"?
            pool: p~match: { path_prefix: /api } | 7:18: listeners[0].routes[0].match: unknown key "path_prefix" | \
            write path: /x/**
            pool: p~match: { path-suffix: [] } | 7:31: listeners[0].routes[0].match.path-suffix: needs at \
            least 1 entry |
            pool: p~match: { path-suffix: "" } | 7:31: listeners[0].routes[0].match.path-suffix: every path ends with \
            nothing | without this key every path is taken
            pool: p~match: { path-suffix: "*" } | 7:31: listeners[0].routes[0].match.path-suffix: every path ends \
            with nothing | without this key every path is taken
            pool: p~keepalive_timeout: 60s | 7:9: listeners[0].routes[0]: unknown key "keepalive_timeout" | write \
            timeouts: { keep-alive: ... } into the listener
            pool: p~match: { path-suffix: ".php?" } | 7:31: listeners[0].routes[0].match.path-suffix: a path has no \
            query and no fragment, unlike ".php?" |
            pool: p~match: { path-suffix: /.. } | 7:31: listeners[0].routes[0].match.path-suffix: no request has a \
            path with dot segments: they are resolved before |
            split: [{ pool: p, weight: 99.5 }, { pool: q, weight: 0.4 }] | 6:16: listeners[0].routes[0].split: the \
            weights must add up to 100, not 99.9 |
            split: [{ pool: p, weight: 100 }] | 6:16: listeners[0].routes[0].split: a split has at least two pools |
            split: [{ pool: p, weight: 1.001 }, { pool: q, weight: 98 }] | 6:36: \
            listeners[0].routes[0].split[0].weight: expected a number from 0 to 100 with at most two decimals, not \
            "1.001" |
            split: [{ pool: p, weight: 50% }, { pool: q, weight: 50 }] | 6:36: listeners[0].routes[0].split[0].weight: \
            expected a number from 0 to 100 with at most two decimals, not "50%" |
            split: [{ pool: p, weight: 50 }, { pool: r, weight: 50 }] | 6:50: listeners[0].routes[0].split[1].pool: no \
            pool is named "r" | did you mean "p"?
            pool: p~match: { host: "a.example:80" } | 7:24: listeners[0].routes[0].match.host: a host is matched \
            without its port | write a.example
            pool: p~match: { host: .a.example } | 7:24: listeners[0].routes[0].match.host: expected a host such as \
            shop.example.com or *.example.com, not ".a.example" | write *.a.example for all below it, a.example for \
            itself
            pool: p~match: { host: "*" } | 7:24: listeners[0].routes[0].match.host: expected a host such as \
            shop.example.com or *.example.com, not "*" | without this key every host is taken
            pool: p~match: { host: "" } | 7:24: listeners[0].routes[0].match.host: expected a host such as \
            shop.example.com or *.example.com, not "" |
            pool: p~match: { host: _ } | 7:24: listeners[0].routes[0].match.host: expected a host such as \
            shop.example.com or *.example.com, not "_" | without this key every host is taken
            pool: p~match: { host: "a.*.example" } | 7:24: listeners[0].routes[0].match.host: expected a host such as \
            shop.example.com or *.example.com, not "a.*.example" |
            pool: p~match: { host: a..example } | 7:24: listeners[0].routes[0].match.host: expected a host such as \
            shop.example.com or *.example.com, not "a..example" |
            pool: p~match: { host: a.example.. } | 7:24: listeners[0].routes[0].match.host: expected a host such as \
            shop.example.com or *.example.com, not "a.example.." |
            pool: p~match: { host: [] } | 7:24: listeners[0].routes[0].match.host: needs at least 1 entry |
            pool: p~match: { host: [a.example, "*.a.example", A.example.] } | 7:51: \
            listeners[0].routes[0].match.host[2]: "a.example" is already in this list |
            pool: p~match: { path: [/x, /x/*, /x] } | 7:35: listeners[0].routes[0].match.path[2]: "/x" is already in \
            this list |
            pool: p~match: { path: [/x, y] } | 7:29: listeners[0].routes[0].match.path[1]: a path begins with a \
            slash, unlike "y" |
            pool: p~match: { path: api/* } | 7:24: listeners[0].routes[0].match.path: a path begins with a slash, \
            unlike "api/" |
            pool: p~match: { path: /api* } | 7:24: listeners[0].routes[0].match.path: a * stands only at the end, as \
            /x/* or /x/**, not in "/api*" |
            pool: p~match: { path: /a/*/b } | 7:24: listeners[0].routes[0].match.path: a * stands only at the end, as \
            /x/* or /x/**, not in "/a/*/b" |
            pool: p~match: { path: /a/***  } | 7:24: listeners[0].routes[0].match.path: a * stands only at the end, as \
            /x/* or /x/**, not in "/a/***" |
            pool: p~match: { path: "/a?b" } | 7:24: listeners[0].routes[0].match.path: a path has no query and no \
            fragment, unlike "/a?b" |
            pool: p~match: { path: "/a#b" } | 7:24: listeners[0].routes[0].match.path: a path has no query and no \
            fragment, unlike "/a#b" |
            pool: p~match: { path: /a/../b } | 7:24: listeners[0].routes[0].match.path: no request has a path with dot \
            segments: they are resolved before |
            pool: p~match: { path: /a%2 } | 7:24: listeners[0].routes[0].match.path: not a path: "/a%2" | write other \
            characters as % and two hexadecimal digits for each byte
            pool: p~match: { path: /gr\u00fcn } | 7:24: listeners[0].routes[0].match.path: not a path: "/gr\u00fcn" | \
            write other characters as % and two hexadecimal digits for each byte
            pool: p~access-log: off | 7:9: listeners[0].routes[0]: unknown key "access-log" | write it into the listener
            pool: p~allow: 10.0.0.0/8 | 7:9: listeners[0].routes[0]: key "allow" is not for here | write match: \
            { client: ... }, or allow into the listener
            pool: p~tls: {} | 7:9: listeners[0].routes[0]: unknown key "tls" | write it into the listener or the pool
            pool: p~sticky: {} | 7:9: listeners[0].routes[0]: unknown key "sticky" | write it into the pool
            pool: p~match: { method: get } | 7:26: listeners[0].routes[0].match.method: the case of a method counts | \
            write GET
            pool: p~match: { method: [GET, "P T"] } | 7:32: listeners[0].routes[0].match.method[1]: a method is \
            letters, digits and a few signs such as -, not "P T" |
            pool: p~match: { header: { "X Y": 1 } } | 7:28: listeners[0].routes[0].match.header: a header field is \
            letters, digits and a few signs such as -, not "X Y" |
            pool: p~match: { header: { X: "a\\nb" } } | 7:31: listeners[0].routes[0].match.header.X: control \
            characters such as line breaks must not be in it |
            pool: p~match: { header: { X: 1, X: 2 } } | 7:34: listeners[0].routes[0].match.header: key "X" is already \
            in line 7 |
            pool: p~match: { header: [X] } | 7:26: listeners[0].routes[0].match.header: expected a mapping, not a list |
            pool: p~match: { query: { v: "a b" } } | 7:30: listeners[0].routes[0].match.query.v: a part of a query is \
            written as it is on the wire, unlike "a b" | write other characters as % and two hexadecimal digits for \
            each byte
            pool: p~rewrite: { strip-prefix: api } | 7:34: listeners[0].routes[0].rewrite.strip-prefix: a path begins \
            with a slash, unlike "api" |
            pool: p~request-headers: { set: { Content-Length: 1 } } | 7:35: \
            listeners[0].routes[0].request-headers.set: Content-Length cannot be changed: Sluice writes it to fit the \
            connection |
            pool: p~request-headers: { remove: [transfer-encoding] } | 7:37: \
            listeners[0].routes[0].request-headers.remove[0]: transfer-encoding cannot be changed: Sluice writes it to \
            fit the connection |
            pool: p~response-headers: { add: { connection: x } } | 7:36: listeners[0].routes[0].response-headers.add: \
            connection cannot be changed: Sluice writes it to fit the connection |
            pool: p~request-headers: { remove: Host } | 7:36: listeners[0].routes[0].request-headers.remove: Host can \
            only be set, and only of requests |
            pool: p~response-headers: { set: { Host: x } } | 7:36: listeners[0].routes[0].response-headers.set: Host \
            can only be set, and only of requests |
            pool: p~request-headers: { set: { X-A: "1\\r\\nX-B: 2" } } | 7:40: \
            listeners[0].routes[0].request-headers.set.X-A: control characters such as line breaks must not be in it |
            redirect: { to: //evil } | 6:25: listeners[0].routes[0].redirect.to: expected http://..., https://... or a \
            path, not "//evil" |
            redirect: "https://a.example/" | 6:19: listeners[0].routes[0].redirect: expected a mapping of keys, not \
            "https://a.example/" | write { to: ... }
            redirect: { to: "https://$host$request_uri" } | 6:25: listeners[0].routes[0].redirect.to: no host can be \
            named "$host$request_uri" | there are no variables: https://*/ leads to the host, path and query that the \
            client asks for
            redirect: { to: "http://{host}/" } | 6:25: listeners[0].routes[0].redirect.to: no host can be named \
            "{host}" | there are no variables: https://*/ leads to the host, path and query that the client asks for
            redirect: { to: "http://a b/" } | 6:25: listeners[0].routes[0].redirect.to: no host can be named "a b" |
            redirect: { to: "http://a:x/" } | 6:25: listeners[0].routes[0].redirect.to: no host can be named "a:x" |
            respond: 404 | 6:18: listeners[0].routes[0].respond: expected a mapping of keys, not "404" | known here: \
            status, body, content-type
            redirect: { to: ftp://x } | 6:25: listeners[0].routes[0].redirect.to: expected http://..., https://... \
            or a path, not "ftp://x" |
            redirect: { to: "https://a/x y" } | 6:25: listeners[0].routes[0].redirect.to: not a URI: "https://a/x y" | \
            write other characters as % and two hexadecimal digits for each byte
            redirect: { to: /x, status: 200 } | 6:37: listeners[0].routes[0].redirect.status: unknown value "200" | \
            known here: 301, 302, 303, 307, 308
            respond: { status: 204, body: x } | 6:39: listeners[0].routes[0].respond.body: a 204, 205 or 304 has no \
            body |
            respond: { status: 205, body: x } | 6:39: listeners[0].routes[0].respond.body: a 204, 205 or 304 has no \
            body |
            respond: { status: 199 } | 6:28: listeners[0].routes[0].respond.status: expected a whole number from 200 \
            to 599, not "199" |
            """)
    void explainsWhatIsWrongWithARoute(String keys, String message, String suggestion) {
        String routes = "routes:\n      - " + keys.replace("~", "\n        ");
        assertError(message, suggestion, LISTENER + routes + POOLS);
    }

    /** Keys of a pool in line 8, column 5; {@code DIR} is where the file is. Then message and hint. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            balance: hash | 8:5: pools.p.hash-by: balance: hash and hash-by go together |
            hash-by: path | 8:14: pools.p.hash-by: balance: hash and hash-by go together |
            sticky: {} | 8:13: pools.p.sticky: key "cookie" is missing |
            sticky: { cookie: S, same-site: none } | 8:37: pools.p.sticky.same-site: browsers refuse none without \
            secure: true |
            sticky: { cookie: S, same-site: Lax } | 8:37: pools.p.sticky.same-site: unknown value "Lax" | did you mean \
            "lax"?
            sticky: { cookie: S, secret: s, secret-file: page.html } | 8:50: pools.p.sticky.secret-file: give secret \
            or secret-file, not both |
            sticky: { cookie: S, secret-file: none } | 8:39: pools.p.sticky.secret-file: no such file: DIR/none |
            retry: { on: [500] } | 8:19: pools.p.retry.on[0]: unknown value "500" | did you mean "502"?
            retry: { budget: 20 } | 8:22: pools.p.retry.budget: expected a share from 0% to 100%, not "20" | write 20%
            error-pages: { 503: none.html } | 8:25: pools.p.error-pages.503: no such file: DIR/none.html |
            error-pages: { 503: . } | 8:25: pools.p.error-pages.503: not a file: DIR |
            error-pages: { 200: page.html } | 8:20: pools.p.error-pages: expected a whole number from 400 to 599, not \
            "200" |
            error-pages: { 503: large.html } | 8:25: pools.p.error-pages.503: an error page has at most 64 KiB, unlike \
            DIR/large.html |
            health-check: { type: https } | 8:27: pools.p.health-check: unknown type "https" | write http; for \
            TLS, give the listener or the pool a section tls
            health-check: { type: http, path: h } | 8:39: pools.p.health-check.path: a path begins with a slash, \
            unlike "h" |
            health-check: { type: http, path: "/h?a b" } | 8:39: pools.p.health-check.path: not a URI: "/h?a b" | \
            write other characters as % and two hexadecimal digits for each byte
            health-check: { type: http, host: "a\\r\\nb" } | 8:39: pools.p.health-check.host: control characters such \
            as line breaks must not be in it |
            health-check: { type: http, expect: { status: 20x } } | 8:51: pools.p.health-check.expect.status: \
            expected a status such as 200 or a range such as 200-399, not "20x" |
            health-check: { type: http, expect: { status: 299-200 } } | 8:51: pools.p.health-check.expect.status: the \
            range ends before it begins | write 200-299
            health-check: { type: http, method: HEAD, expect: { body-contains: a } } | 8:41: \
            pools.p.health-check.method: the answer to HEAD has no body to expect |
            health-check: { type: http, expect: off } | 8:41: pools.p.health-check.expect: expected a mapping of keys, \
            not "off" | known here: status, body-contains
            """)
    void explainsWhatIsWrongWithAPool(String keys, String message, String suggestion) throws Exception {
        Files.writeString(directory.resolve("page.html"), "p");
        Files.writeString(directory.resolve("large.html"), "p".repeat(64 * 1024 + 1));
        assertError(message.replace("DIR", directory.toString()), suggestion,
                LISTENER + "pool: p\npools:\n  p:\n    " + keys + "\n    servers: [{ name: s, address: db:1 }]\n");
    }

    @Test
    void refusesTwoRoutesOfOneName() {
        assertError("7:17: listeners[0].routes: name \"a\" is already taken in line 6", null,
                LISTENER + "routes:\n      - { name: a, pool: p }\n      - { name: a, pool: q }" + POOLS);
    }

    @Test
    void refusesANameThatARouteWithoutOneGets() {
        assertError("2:5: listeners[0]: two of name route-2: the name of a route is unique", null,
                LISTENER + "routes:\n      - { name: route-2, pool: p }\n      - { pool: q }" + POOLS);
    }

    @Test
    void refusesAMethodThatIsAPatternElsewhere() {
        assertError("5:33: listeners[0].routes[0].match.method: no method has a | in its name",
                "write a list: [GET, POST]",
                LISTENER + "routes: [{ match: { method: GET|POST }, pool: p }]" + POOLS);
    }

    @Test
    void refusesAPathThatMergedSlashesKeepFromEverMatching() {
        String routes = "routes: [{ match: { path: /a//b }, pool: p }, { pool: q }]";
        assertError("5:13: listeners[0].routes: with merge-slashes: true no path has two slashes in a row, as a match "
                + "here demands", null, LISTENER + routes + POOLS);
        assertDoesNotThrow(() -> ConfigParser.load(LISTENER + routes + "\n    merge-slashes: false" + POOLS, "c.yaml",
                directory));
    }

    @Test
    void takesADotAtTheStartOfASuffixForThePartOfASegment() {
        assertDoesNotThrow(() -> ConfigParser.load(LISTENER + "routes: [{ match: { path-suffix: [., .., ./b] }, "
                + "pool: p }, { pool: q }]" + POOLS, "c.yaml", directory));
    }

    @Test
    void warnsOnlyOfPoolsThatNoRouteUses() throws Exception {
        String split = "routes: [{ split: [{ pool: p, weight: 1 }, { pool: q, weight: 99 }] }]";
        assertEquals(List.of(), ConfigParser.load(LISTENER + split + POOLS, "c.yaml", directory).warnings());
        assertTrue(ConfigParser.load(LISTENER + "pool: q" + POOLS, "c.yaml", directory).warnings().getFirst().message()
                .contains("pools.p"));
    }

    private void assertError(String message, String suggestion, String yaml) {
        ConfigException failure = assertThrows(ConfigException.class,
                () -> ConfigParser.load(yaml, "c.yaml", directory));
        assertEquals("c.yaml:" + message, failure.getMessage().lines().findFirst().orElseThrow());
        assertEquals(Optional.ofNullable(suggestion), failure.errors().getFirst().suggestion());
    }
}
