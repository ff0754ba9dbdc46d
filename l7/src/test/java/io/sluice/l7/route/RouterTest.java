package io.sluice.l7.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.config.Cidr;
import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Action;
import io.sluice.config.RouteConfig.Match;
import io.sluice.l7.http.RequestParser;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {

    /** Names say host and path; the order is not that of precedence. */
    private static final List<RouteConfig> ROUTES = List.of(
            to("any-any", null, null),
            to("any-api", null, "/api/*"),
            to("any-only", null, "/only-any"),
            to("wild-any", "*.example.com", null),
            to("wild-a", "*.example.com", "/a/*"),
            to("long-wild-b", "*.eu.example.com", "/b/*"),
            to("shop-prefix", "shop.example.com", "/a/*"),
            to("shop-longer-prefix", "shop.example.com", "/a/b/**"),
            to("shop-exact", "shop.example.com", "/a/b/c"),
            to("shop-exact-second", "shop.example.com", "/a/b/c"),
            to("shop-slash", "shop.example.com", "/s/"),
            to("ipv6", "[::1]", null));

    private final Router router = new Router(ROUTES);

    @ParameterizedTest
    @CsvSource({
        "shop.example.com, /a/b/c, shop-exact",
        "shop.example.com, /a/b/d, shop-longer-prefix",
        "shop.example.com, /a/b/c/, shop-longer-prefix",
        "shop.example.com, /a/b/c/d/e, shop-longer-prefix",
        "shop.example.com, /a/b, shop-longer-prefix",
        "shop.example.com, /a/b/, shop-longer-prefix",
        "shop.example.com, /a/bc, shop-prefix",
        "shop.example.com, /a/, shop-prefix",
        "shop.example.com, /a, wild-any",
        "shop.example.com, /s/, shop-slash",
        "shop.example.com, /s, wild-any",
        "shop.example.com, /A/b/c, wild-any",
        "SHOP.Example.COM, /a/b/c, shop-exact",
        "shop.example.com., /a/b/c, shop-exact",
        "shop.example.com:8080, /a/b/c, shop-exact",
        "shop.example.com.:8080, /a/b/c, shop-exact",
        "shop.example.com, /a/b/c?q, shop-exact",
        "other.example.com, /a/b/c, wild-a",
        "de.eu.example.com, /b/x, long-wild-b",
        "de.eu.example.com, /a/x, wild-a",
        "eu.example.com, /b/x, wild-any",
        "x.y.z.example.com, /api/x, wild-any",
        "example.com, /api/x, any-api",
        "xexample.com, /, any-any",
        ".example.com, /, any-any",
        "localhost, /only-any, any-only",
        "localhost, /api, any-any",
        "localhost, /api/, any-api",
        "[::1]:80, /only-any, ipv6",
    })
    void takesTheMostSpecificHostThenExactPathThenLongestPrefixThenOrder(String host, String path, String name) {
        assertEquals(name, match(Requests.get(host, path)));
    }

    @Test
    void takesNoRouteIfNoneFits() {
        Router one = new Router(List.of(to("one", "a.example", "/x/*")));
        assertEquals("one", Requests.match(one, Requests.get("a.example", "/x/"), Requests.CLIENT));
        assertNull(Requests.match(one, Requests.get("a.example", "/"), Requests.CLIENT));
        assertNull(Requests.match(one, Requests.get("b.example", "/x/"), Requests.CLIENT));
        assertNull(Requests.match(new Router(List.of()), Requests.get("a.example", "/x/"), Requests.CLIENT));
        Router wild = new Router(List.of(to("wild", "*.example", null)));
        assertEquals("wild", Requests.match(wild, Requests.get("a.example", "/"), Requests.CLIENT));
        assertNull(Requests.match(wild, Requests.get("example", "/"), Requests.CLIENT));
    }

    @Test
    void takesARequestWithoutAHostByRoutesForAnyHost() {
        assertEquals("any-only", match(Requests.parse("GET /only-any HTTP/1.0")));
    }

    @Test
    void takesTheHostOfAnAbsoluteTarget() {
        assertEquals("shop-exact",
                match(Requests.parse("GET http://shop.example.com/a/b/c HTTP/1.1^^Host: shop.example.com")));
    }

    @Test
    void doesNotTrustAHostThatIsTooLong() {
        assertEquals("wild-any", match(Requests.get("x".repeat(243) + ".example.com", "/")));
        assertEquals("any-any", match(Requests.get("x".repeat(244) + ".example.com", "/")));
    }

    @ParameterizedTest
    @CsvSource({
        "'GET /?v=2 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: a=b; beta=1', 10.1.2.3, all",
        "'HEAD /?w=1&v=2 HTTP/1.1^^Host: h^^x-beta:  yes ^^Cookie: beta=1', 10.1.2.3, all",
        "'GET /?v=2 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: a=b^^Cookie: beta=1', 10.1.2.3, all",
        "'POST /?v=2 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: beta=1', 10.1.2.3, rest",
        "'get /?v=2 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: beta=1', 10.1.2.3, rest",
        "'GET /?v=2 HTTP/1.1^^Host: h^^X-Beta: Yes^^Cookie: beta=1', 10.1.2.3, rest",
        "'GET /?v=2 HTTP/1.1^^Host: h^^X-Beta: no^^X-Beta: yes^^Cookie: beta=1', 10.1.2.3, rest",
        "'GET /?v=2 HTTP/1.1^^Host: h^^Cookie: beta=1', 10.1.2.3, rest",
        "'GET /?v=3&v=2 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: beta=1', 10.1.2.3, rest",
        "'GET /?v=%32 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: beta=1', 10.1.2.3, rest",
        "'GET /?xv=2 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: beta=1', 10.1.2.3, rest",
        "'GET /?v HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: beta=1', 10.1.2.3, rest",
        "'GET / HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: beta=1', 10.1.2.3, rest",
        "'GET /?v=2 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: xbeta=1; bet=1; beta=11', 10.1.2.3, rest",
        "'GET /?v=2 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: beta=1', 11.1.2.3, rest",
        "'GET /?v=2 HTTP/1.1^^Host: h^^X-Beta: yes^^Cookie: beta=1', ::ffff:10.1.2.3, all",
    })
    void demandsEveryConditionAndPassesOverARouteWhereOneFails(String head, String client, String name) {
        Match match = new Match(List.of(), List.of("/"), List.of(), List.of("GET", "HEAD"),
                Map.of("X-Beta", "yes"), Map.of("v", "2"), Map.of("beta", "1"),
                List.of(new Cidr(InetAddress.ofLiteral("10.0.0.0"), 8)));
        Router conditional = new Router(List.of(Requests.toPool("all", match), to("rest", null, "/*")));
        assertEquals(name, Requests.match(conditional, Requests.parse(head), Requests.client(client)));
    }

    @ParameterizedTest
    @CsvSource({"/index.php, dynamic", "/a/b.php, dynamic", "/a/.php, dynamic", "/a/b.php?x=.html, dynamic",
        "/%61/../b%2Eph%70, dynamic", "/a/feed, dynamic", "/a/xfeed, rest", "/a.php/, rest", "/.ph, rest", "/, rest",
        "/a.PHP, rest", "/x?y=.php, rest", "/caf%c3%A9, dynamic", "/a., dynamic", "/a%2e, dynamic",
        "/a./, rest", "/a../b, dynamic", "/a/b, rest"})
    void demandsTheEndOfThePath(String target, String name) {
        Match match = new Match(List.of(), List.of("/*"), List.of(".php", "/feed", "%C3%a9", "%2E", "../b"), List.of(),
                Map.of(), Map.of(), Map.of(), List.of());
        Router ends = new Router(List.of(Requests.toPool("dynamic", match), to("rest", null, "/*")));
        assertEquals(name, Requests.match(ends, Requests.get("h", target), Requests.CLIENT));
    }

    /** Names of cookies and parameters have a case; what one condition has found says nothing about the next. */
    @ParameterizedTest
    @CsvSource({
        "'GET /?Q=1 HTTP/1.1^^Host: h^^x-a: 1^^Cookie: C=1', all",
        "'GET /?Q=1 HTTP/1.1^^Host: h^^X-A: 1^^Cookie: c=1', rest",
        "'GET /?Q=1 HTTP/1.1^^Host: h^^X-A: 1', rest",
        "'GET /?q=1 HTTP/1.1^^Host: h^^X-A: 1^^Cookie: C=1', rest",
        "'GET / HTTP/1.1^^Host: h^^X-A: 1^^Cookie: C=1', rest",
        "'GET /?Q=1 HTTP/1.1^^Host: h^^Cookie: C=1', rest",
    })
    void findsEachConditionsOwnValue(String head, String name) {
        Match match = new Match(List.of(), List.of("/"), List.of(), List.of(), Map.of("X-A", "1"), Map.of("Q", "1"),
                Map.of("C", "1"), List.of());
        Router conditional = new Router(List.of(Requests.toPool("all", match), to("rest", null, "/*")));
        assertEquals(name, Requests.match(conditional, Requests.parse(head), Requests.CLIENT));
    }

    @Test
    void fallsBackFromEachCandidateToTheNextBest() {
        List<RouteConfig> routes = List.of(onlyPost("exact", "a.b.example", "/x/y"), onlyPost("self", "a.b.example",
                "/x/y/**"), onlyPost("prefix", "a.b.example", "/x/*"), onlyPost("host", "a.b.example", null),
                onlyPost("wild", "*.b.example", "/x/y"), onlyPost("wider", "*.example", "/x/*"),
                onlyPost("any", null, "/x/y"));
        RequestParser get = Requests.get("a.b.example", "/x/y");
        for (int i = 0; i < routes.size(); i++) {
            List<RouteConfig> withOneOpen = new ArrayList<>(routes);
            RouteConfig open = routes.get(i);
            withOneOpen.set(i,
                    Requests.toPool(open.name(), Requests.oneOf(open.match().hosts(), open.match().paths())));
            Collections.shuffle(withOneOpen, new Random(i));
            assertEquals(open.name(), Requests.match(new Router(withOneOpen), get, Requests.CLIENT));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.example, /x, many",
        "a.example, /y/, many",
        "b.example, /y/z, many",
        "c.b.example, /x, many",
        "c.b.example, /x/, any",
        "c.example, /x, any",
        "b.example, /y/exact, exact-path",
        "b.example, /y/longer/z, longer-prefix",
        "c.b.example, /y/longer/z, many",
        "c.a.example, /y/z, wildcard-host",
        "d.c.b.example, /y/z, longer-wildcard",
        "d.c.b.example, /x, many",
        "a.example, /first, first",
        "a.example, /second, many",
    })
    void ranksARouteOfSeveralHostsAndPathsByTheOnesThatFit(String host, String path, String name) {
        Router several = new Router(List.of(
                to("any", null, null),
                to("first", "a.example", "/first"),
                Requests.toPool("many", Requests.oneOf(List.of("a.example", "*.b.example", "b.example"),
                        List.of("/x", "/y/*", "/first", "/second"))),
                to("second", "a.example", "/second"),
                to("exact-path", "b.example", "/y/exact"),
                to("longer-prefix", "b.example", "/y/longer/*"),
                to("wildcard-host", "*.a.example", "/y/*"),
                to("longer-wildcard", "*.c.b.example", "/y/*")));
        assertEquals(name, Requests.match(several, Requests.get(host, path), Requests.CLIENT));
    }

    @ParameterizedTest
    @CsvSource({
        "/old/a?b, https://e.com/a?b",
        "/much/older/a, https://e.com/a",
        "/much/a, https://e.com/a",
        "/much, https://e.com/",
        "/one, https://e.com/",
    })
    void redirectsWithWhatIsBehindThePrefixThatFits(String target, String expected) {
        Router several = new Router(List.of(to("pool", "h", null), Requests.route("moved",
                Requests.oneOf(List.of("g", "h"), List.of("/old/*", "/much/older/**", "/much/**", "/one")),
                new Action.Redirect("https://e.com/", 308))));
        RequestParser request = Requests.get("h", target);
        Route route = several.match(Requests.routed(request));
        assertEquals("moved", route.name());
        assertEquals(1, route.index());
        assertEquals(expected, Requests.location((Route.Redirect) route.action(), request));
    }

    @Test
    void bringsPatternsToTheFormThatPathsAreComparedIn() {
        Router encoded = new Router(List.of(to("user", null, "/%7euser/%c3%a4/*"), to("slash", null, "/a%2fb")));
        assertEquals("user", Requests.match(encoded, Requests.get("h", "/~user/%C3%A4/x"), Requests.CLIENT));
        assertEquals("slash", Requests.match(encoded, Requests.get("h", "/a%2Fb"), Requests.CLIENT));
        assertNull(Requests.match(encoded, Requests.get("h", "/a/b"), Requests.CLIENT));
    }

    @Test
    void findsEachOfAHundredThousandRoutes() {
        List<RouteConfig> routes = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            routes.add(switch (i % 4) {
                case 0 -> to("r" + i, null, "/exact/" + i);
                case 1 -> to("r" + i, null, "/below/" + i + "/*");
                case 2 -> to("r" + i, "host-" + i + ".example", null);
                default -> to("r" + i, "*.zone-" + i + ".example", "/p/**");
            });
        }
        Router many = new Router(routes);
        for (int i = 0; i < routes.size(); i++) {
            RequestParser request = switch (i % 4) {
                case 0 -> Requests.get("h", "/exact/" + i);
                case 1 -> Requests.get("h", "/below/" + i + "/x");
                case 2 -> Requests.get("host-" + i + ".example", "/");
                default -> Requests.get("a.zone-" + i + ".example", "/p");
            };
            assertEquals("r" + i, Requests.match(many, request, Requests.CLIENT));
        }
    }

    private String match(RequestParser request) {
        return Requests.match(router, request, Requests.CLIENT);
    }

    private static RouteConfig to(String name, String host, String path) {
        return Requests.toPool(name, Requests.match(host, path));
    }

    private static RouteConfig onlyPost(String name, String host, String path) {
        Match open = Requests.match(host, path);
        return Requests.toPool(name, new Match(open.hosts(), open.paths(), List.of(), List.of("POST"), Map.of(),
                Map.of(), Map.of(), List.of()));
    }
}
