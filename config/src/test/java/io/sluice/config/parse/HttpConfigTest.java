package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AccessConfig;
import io.sluice.config.AccessLogConfig;
import io.sluice.config.Cidr;
import io.sluice.config.Endpoint;
import io.sluice.config.HealthCheckConfig;
import io.sluice.config.HealthCheckConfig.Schedule;
import io.sluice.config.HealthCheckConfig.StatusRange;
import io.sluice.config.HttpListenerConfig;
import io.sluice.config.HttpListenerConfig.ForwardedConfig;
import io.sluice.config.HttpListenerConfig.Limits;
import io.sluice.config.HttpListenerConfig.Timeouts;
import io.sluice.config.HttpPoolConfig;
import io.sluice.config.HttpPoolConfig.Connections;
import io.sluice.config.HttpPoolConfig.Retry;
import io.sluice.config.HttpPoolConfig.Sticky;
import io.sluice.config.PoolConfig;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.config.Rate;
import io.sluice.config.RateLimitConfig;
import io.sluice.config.RequestKey;
import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Action;
import io.sluice.config.RouteConfig.HeaderRules;
import io.sluice.config.RouteConfig.Match;
import io.sluice.config.RouteConfig.Rewrite;
import io.sluice.config.RouteConfig.Share;
import io.sluice.config.SessionLogConfig.Target;
import io.sluice.config.SluiceConfig;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpConfigTest {

    private static final String POOL = "pools: { p: { servers: [{ name: s, address: \"s:1\" }], %s } }\n";

    @TempDir
    private Path directory;

    @Test
    void readsAListenerWithEveryDefault() throws Exception {
        HttpListenerConfig listener = listener("pool: p");
        assertEquals(new HttpListenerConfig("web", List.of(new Endpoint("127.0.0.1", 1)), SluiceConfig.UNLIMITED,
                SluiceConfig.UNLIMITED, 4096, 50,
                new ProxyProtocolConfig(ProxyProtocolConfig.Accept.OFF, List.of(), Duration.ofSeconds(5)),
                AccessConfig.OPEN, Optional.empty(), Optional.empty(),
                new Timeouts(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(1),
                        Duration.ofHours(1), Duration.ofSeconds(30)),
                new Limits(32 * 1024, 100, 8 * 1024, Long.MAX_VALUE, SluiceConfig.UNLIMITED),
                new ForwardedConfig(List.of(), ForwardedConfig.Client.CONNECTION, true, false, false, true,
                        Optional.empty()),
                true,
                new AccessLogConfig(Target.STDOUT, Optional.empty(), AccessLogConfig.Format.COMBINED, Optional.empty()),
                List.of(route("route-1", Match.ANY, new Action.ToPool("p")))), listener);
    }

    @Test
    void boundsATargetByTheHeadThatItIsPartOf() throws Exception {
        assertEquals(new Limits(4 * 1024, 100, 4 * 1024, Long.MAX_VALUE, SluiceConfig.UNLIMITED),
                listener("pool: p\nlimits: { header-bytes: 4KiB }").limits());
    }

    @Test
    void readsARouteOfEachKindAndNumbersThoseWithoutAName() throws Exception {
        Cidr ten = new Cidr(InetAddress.ofLiteral("10.0.0.0"), 8);
        Match match = new Match(List.of("*.example.com", "b.example"), List.of("/x/*", "/y"), List.of(".php"),
                List.of("GET", "HEAD"), Map.of("X-Beta", "yes"), Map.of("v", "2"), Map.of("beta", "1"), List.of(ten));
        List<RouteConfig> expected = List.of(
                new RouteConfig("first", match, new Action.ToPool("p"), new Rewrite("/x", "/y"),
                        new HeaderRules(List.of("X-Debug"), Map.of("Host", "inner", "X-Env", "prod"), Map.of()),
                        new HeaderRules(List.of("Server"), Map.of(), Map.of("X-A", "1")),
                        Optional.of(new RateLimitConfig(Rate.perSecond(10), 10, RateLimitConfig.BY_CLIENT, false)),
                        new RouteConfig.Limits(Optional.of(1L << 30)),
                        new RouteConfig.Timeouts(Optional.of(Duration.ofMinutes(5)), Optional.of(Duration.ofHours(2)),
                                Optional.of(Duration.ofHours(3)))),
                route("route-2", Match.ANY, new Action.Split(List.of(new Share("p", 9_950), new Share("p", 50)),
                        Optional.of(new RequestKey(RequestKey.Part.CLIENT, "")))),
                route("route-3", Match.ANY, new Action.Redirect("https://example.com/new/", 308)),
                route("route-4", Match.ANY, new Action.Redirect("/new", 302)),
                route("route-5", Match.ANY, new Action.Respond(200, "User-agent: *\n", "text/plain")),
                route("route-6", Match.ANY, new Action.Respond(204, "", "text/plain; charset=utf-8")));
        assertEquals(expected, listener("""
                routes:
                  - name: first
                    match: { host: ["*.Example.com", B.example.], path: [/x/*, /y], path-suffix: .php,
                             method: [GET, HEAD], header: { X-Beta: yes }, query: { v: 2 },
                             cookie: { beta: 1 }, client: 10.0.0.0/8 }
                    pool: p
                    rewrite: { strip-prefix: /x, add-prefix: /y }
                    request-headers: { set: { Host: inner, X-Env: prod }, remove: [X-Debug] }
                    response-headers: { remove: [Server], add: { X-A: 1 } }
                    rate-limit: { requests: 10/s }
                    limits: { body-bytes: 1GiB }
                    timeouts: { response: 5m, server: 2h, tunnel: 3h }
                  - { split: [{ pool: p, weight: 99.5 }, { pool: p, weight: 0.5 }], split-by: client }
                  - redirect: { to: "https://example.com/new/", status: 308 }
                  - redirect: { to: /new }
                  - respond: { status: 200, body: "User-agent: *\\n", content-type: text/plain }
                  - respond: { status: 204 }
                """).routes());
    }

    @Test
    void readsWhatAPoolSaysOfHttp() throws Exception {
        Path page = Files.writeString(directory.resolve("503.html"), "<p>busy");
        assertEquals(new HttpPoolConfig(Optional.of(new RequestKey(RequestKey.Part.HEADER, "X-Tenant")),
                Optional.of(new Sticky("SRV", true, false, "Strict", Optional.of(Duration.ofHours(8)),
                        Optional.of(new Sticky.Secret("abc", Optional.empty())))),
                new Connections(1, Duration.ofSeconds(2), 3),
                new Retry(Set.of(Retry.On.IDLE_CLOSED, Retry.On.STATUS_503), 4, false, 30), 5, Duration.ofSeconds(6),
                Map.of(503, page)), pool("""
                balance: hash, hash-by: { header: X-Tenant },
                sticky: { cookie: SRV, secure: true, http-only: false, same-site: strict, max-age: 8h, secret: abc },
                connections: { idle-per-server: 1, idle-timeout: 2s, max-requests: 3 },
                retry: { on: [503, idle-closed], attempts: 4, only-idempotent: false, budget: 30% },
                passive: { errors: 5 }, timeouts: { response: 6s }, error-pages: { 503: 503.html }
                """).http());
    }

    @Test
    void knowsTheDefaultsThatARecordHasToo() throws Exception {
        assertEquals(HttpPoolConfig.DEFAULT, pool("retries: 1").http());
    }

    @ParameterizedTest
    @CsvSource({"path, PATH, ''", "client, CLIENT, ''", "{ cookie: c }, COOKIE, c", "{ query: q }, QUERY, q"})
    void readsEachPartOfARequestToHash(String yaml, RequestKey.Part part, String name) throws Exception {
        assertEquals(Optional.of(new RequestKey(part, name)),
                pool("balance: hash, hash-by: " + yaml).http().hashBy());
    }

    @ParameterizedTest
    @CsvSource({"path, PATH, ''", "client, CLIENT, ''", "{ cookie: c }, COOKIE, c"})
    void readsEachPartOfARequestToCountBy(String yaml, RequestKey.Part part, String name) throws Exception {
        assertEquals(Optional.of(new RequestKey(part, name)), countedBy(yaml));
    }

    @Test
    void readsThatAllRequestsOfARouteAreCountedTogether() throws Exception {
        assertEquals(Optional.empty(), countedBy("route"));
    }

    private Optional<RequestKey> countedBy(String yaml) throws Exception {
        return listener("routes: [{ pool: p, rate-limit: { requests: 1/s, by: " + yaml + " } }]").routes().getFirst()
                .rateLimit().orElseThrow().by();
    }

    @Test
    void readsAnHttpHealthCheck() throws Exception {
        Schedule schedule = new Schedule(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1),
                Duration.ofSeconds(1), 2, 3);
        assertEquals(Optional.of(new HealthCheckConfig.Http(schedule, Optional.of(8008), "HEAD", "/h?x",
                Optional.of("h.internal"), List.of(new StatusRange(200, 299), new StatusRange(304, 304)),
                Optional.empty())),
                pool("health-check: { type: http, port: 8008, method: HEAD, path: /h?x, host: h.internal, "
                        + "interval: 1s, expect: { status: [200-299, 304] } }").healthCheck());
        HealthCheckConfig.Http usual =
                (HealthCheckConfig.Http) pool("health-check: { type: http }").healthCheck().orElseThrow();
        assertEquals(new HealthCheckConfig.Http(usual.schedule(), Optional.empty(), "GET", "/", Optional.empty(),
                List.of(new StatusRange(200, 399)), Optional.empty()), usual);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "off | OFF | COMBINED | ",
        "{ format: json } | STDOUT | JSON | ",
        "{ file: a.log } | FILE | COMBINED | ",
        "{ file: stdout, format: \"%{client_ip} 99%\" } | STDOUT | TEMPLATE | %{client_ip} 99%",
    })
    void readsAnAccessLog(String yaml, Target target, AccessLogConfig.Format format, String template)
            throws Exception {
        Optional<Path> file = target == Target.FILE ? Optional.of(directory.resolve("a.log")) : Optional.empty();
        assertEquals(new AccessLogConfig(target, file, format, Optional.ofNullable(template)),
                listener("pool: p\naccess-log: " + yaml).accessLog());
    }

    private static RouteConfig route(String name, Match match, Action action) {
        return new RouteConfig(name, match, action, Rewrite.NONE, HeaderRules.NONE, HeaderRules.NONE,
                Optional.empty(), RouteConfig.Limits.NONE, RouteConfig.Timeouts.NONE);
    }

    private HttpListenerConfig listener(String keys) throws ConfigException {
        String yaml = "listeners:\n  - name: web\n    protocol: http\n    bind: 127.0.0.1:1\n" + keys.indent(4)
                + POOL.formatted("retries: 1");
        return (HttpListenerConfig) parse(yaml).listeners().getFirst();
    }

    @Test
    void readsTheSecretOfAFileWhichTheDumpNames() throws Exception {
        Path file = Files.writeString(directory.resolve("sticky.secret"), "abc\nsecond line\n");
        String sticky = POOL.formatted("sticky: { cookie: SRV, secret-file: sticky.secret }");
        String yaml = "listeners: [{ name: a, protocol: http, bind: 127.0.0.1:1, pool: p }]\n" + sticky;
        SluiceConfig config = parse(yaml);
        assertEquals(Optional.of(new Sticky.Secret("abc", Optional.of(file))),
                config.pool("p").http().sticky().orElseThrow().secret());
        String dump = ConfigDump.toYaml(config);
        assertTrue(dump.contains("secret-file: " + file) && !dump.contains("abc"), dump);
        assertEquals(config, parse(dump));
        Files.writeString(file, "def");
        assertEquals(List.of("pool p:", "  sticky.secret changed"), ConfigDiff.between(config, parse(yaml)).lines());
    }

    private PoolConfig pool(String keys) throws ConfigException {
        return parse("listeners: [{ name: a, protocol: http, bind: 127.0.0.1:1, pool: p }]\n"
                + POOL.formatted(keys)).pool("p");
    }

    private SluiceConfig parse(String yaml) throws ConfigException {
        return ConfigParser.load(yaml, "c.yaml", directory).config();
    }
}
