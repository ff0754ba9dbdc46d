package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where requests go, and how they look when they get there. */
class HttpRoutingTest {

    private static HttpOrigin one;
    private static HttpOrigin two;
    private static Sluice sluice;

    @BeforeAll
    static void start() throws Exception {
        one = HttpOrigin.start("one");
        two = HttpOrigin.start("two");
        sluice = InProcess.launch("""
                workers: 1
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: http
                    access-log: off
                    routes:
                      - { match: { path: /r/** }, respond: { body: any host } }
                      - { match: { host: "*.example.com", path: /r/deep/** }, respond: { body: wildcard } }
                      - { match: { host: shop.example.com, path: /r/* }, respond: { body: shop below } }
                      - { match: { host: shop.example.com, path: /r/deep/x }, respond: { body: shop exact } }
                      - { match: { path: /c, method: [PUT, POST] }, respond: { body: method } }
                      - { match: { path: /c, header: { X-Beta: "yes" } }, respond: { body: header } }
                      - { match: { path: /c, query: { v: "2" } }, respond: { body: query } }
                      - { match: { path: /c, cookie: { beta: "1" } }, respond: { body: cookie } }
                      - { match: { path: /c, client: 10.0.0.0/8 }, respond: { body: far } }
                      - { match: { path: /c, client: 127.0.0.0/8 }, respond: { body: near } }
                      - { match: { path: /old/* }, redirect: { to: "https://example.com/new/", status: 308 } }
                      - match: { path: /safe/** }
                        redirect: { to: "https://*/", status: 301 }
                        response-headers: { set: { Cache-Control: max-age=60 }, remove: [Date] }
                      - match: { path: /elsewhere }
                        redirect: { to: "https://example.com/" }
                        response-headers: { set: { Location: "https://example.org/" } }
                      - match: { path: /back-soon }
                        respond: { status: 503, body: "{}" }
                        response-headers:
                          set: { Retry-After: "600", Content-Type: application/problem+json }
                          add: { Link: </a>, link: </b> }
                      - match: { path: /api/** }
                        pool: one
                        rewrite: { strip-prefix: /api, add-prefix: /v1 }
                        request-headers: { set: { Host: inner, X-Env: prod }, remove: [X-Debug], add: { X-Two: b } }
                        response-headers: { set: { Server: sluice }, remove: [X-Powered-By] }
                      - match: { path: /split }
                        split: [{ pool: one, weight: 99.5 }, { pool: two, weight: 0.5 }]
                      - match: { path: /by }
                        split: [{ pool: one, weight: 50 }, { pool: two, weight: 50 }]
                        split-by: { cookie: uid }
                      - { match: { path: /hash }, pool: hashed }
                      - { match: { path: /all }, pool: one }
                pools:
                  one: { servers: [%s] }
                  two: { servers: [%s] }
                  hashed: { servers: [%s, %s], balance: hash, hash-by: { header: X-Tenant } }
                """.formatted(one.entry(""), two.entry(""), one.entry(""), two.entry("")));
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
        one.close();
        two.close();
    }

    @Test
    void prefersTheMoreExactHostAndThenTheMoreExactPath() throws Exception {
        assertEquals("any host", ask("GET", "/r/deep/x", "other"));
        assertEquals("any host", ask("GET", "/r", "shop.example.com"));
        assertEquals("wildcard", ask("GET", "/r/deep/x", "a.example.com"));
        assertEquals("any host", ask("GET", "/r/else", "a.example.com"));
        assertEquals("shop exact", ask("GET", "/r/deep/x", "SHOP.example.com:8080"));
        assertEquals("shop below", ask("GET", "/r/deep/y", "shop.example.com."));
        assertEquals("shop exact", ask("GET", "/r/a/../deep/%78", "shop.example.com"));
    }

    @Test
    void takesEachConditionInTheOrderOfTheFile() throws Exception {
        assertEquals("method", ask("PUT", "/c?v=2", "test", "X-Beta: yes"));
        assertEquals("header", ask("GET", "/c?v=2", "test", "x-beta: yes"));
        assertEquals("query", ask("GET", "/c?a=1&v=2", "test", "X-Beta: no"));
        assertEquals("cookie", ask("GET", "/c?v=3", "test", "Cookie: a=b; beta=1"));
        assertEquals("near", ask("GET", "/c", "test"));
    }

    @Test
    void redirectsWithTheRestOfThePathAndTheQuery() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/old/a/b?c=d");
            assertEquals(308, response.status());
            assertEquals("https://example.com/new/a/b?c=d", response.field("Location"));
        }
    }

    @Test
    void redirectsToTheSameHostByAnotherScheme() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET /safe/a?b HTTP/1.1\r\nHost: any.example:8080\r\n\r\n");
            assertEquals("https://any.example/a?b", client.response().field("Location"));
            client.send("GET /safe/a HTTP/1.0\r\n\r\n");
            assertEquals(400, client.response().status(), "there is no host to lead to");
        }
    }

    @Test
    void givesItsOwnAnswersTheFieldsThatTheRouteSays() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage answer = client.get("/back-soon");
            assertEquals(List.of("600"), answer.fields("Retry-After"));
            assertEquals(List.of("application/problem+json"), answer.fields("Content-Type"));
            assertEquals(List.of("</a>", "</b>"), answer.fields("Link"));
            assertEquals(1, answer.fields("Date").size());
            assertEquals("{}", answer.body());
            HttpMessage redirect = client.get("/safe/a");
            assertEquals("max-age=60", redirect.field("Cache-Control"));
            assertFalse(redirect.has("Date"));
        }
    }

    @Test
    void redirectsToOnePlaceIfTheRouteSetsLocation() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(List.of("https://example.org/"), client.get("/elsewhere").fields("Location"));
        }
    }

    @Test
    void rewritesPathsAndFields() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/api/a%2fb?x=/api", "X-Debug: 1", "X-Env: test", "X-Two: a");
            HttpMessage request = one.requests().stream()
                    .filter(each -> each.target().startsWith("/v1")).findFirst().orElseThrow();
            assertEquals("/v1/a%2Fb?x=/api", request.target());
            assertEquals("inner", request.field("Host"));
            assertEquals("prod", request.field("X-Env"));
            assertEquals(List.of("a", "b"), request.fields("X-Two"));
            assertFalse(request.has("X-Debug"));
            assertEquals("sluice", response.field("Server"));
        }
    }

    @Test
    void splitsByShare() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            Map<String, Integer> counts = new HashMap<>();
            for (int i = 0; i < 20_000; i++) {
                counts.merge(client.get("/split").body(), 1, Integer::sum);
            }
            int rare = counts.getOrDefault("two /split", 0);
            // 100 are expected; a deviation of 60 is six times the standard one.
            assertTrue(rare > 40 && rare < 160, counts.toString());
        }
    }

    @Test
    void showsTheSameUserTheSameSide() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            Set<String> sides = new HashSet<>();
            for (int user = 0; user < 50; user++) {
                String side = client.get("/by", "Cookie: uid=" + user).body();
                sides.add(side);
                for (int i = 0; i < 3; i++) {
                    assertEquals(side, client.get("/by", "Cookie: x=y; uid=" + user).body());
                }
            }
            assertEquals(Set.of("one /by", "two /by"), sides);
        }
    }

    @Test
    void sendsEqualKeysToTheSameServer() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            Set<String> servers = new HashSet<>();
            for (int tenant = 0; tenant < 50; tenant++) {
                String server = client.get("/hash", "X-Tenant: " + tenant).body();
                servers.add(server);
                assertEquals(server, client.get("/hash", "X-Tenant: " + tenant).body());
            }
            assertEquals(Set.of("one /hash", "two /hash"), servers);
        }
    }

    private static String ask(String method, String target, String host, String... fields) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n"
                    + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n") + "\r\n");
            return client.response().body();
        }
    }
}
