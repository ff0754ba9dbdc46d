package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import io.sluice.launcher.observe.PrometheusMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come more often than their route allows get 429. At one an hour, nothing is due within a test. */
class HttpRateLimitTest {

    private static final String TWO = "rate-limit: { requests: 1/h, burst: 2 }";

    @Test
    void answers429WhenTheBurstIsUsedUpAndSaysWhenToComeAgain() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ match: { path: /a }, pool: pool, " + TWO + " }, { pool: pool }");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(200, client.get("/a").status());
            assertEquals(200, client.get("/a").status());
            HttpMessage refused = client.get("/a");
            assertEquals(429, refused.status());
            int seconds = Integer.parseInt(refused.field("Retry-After"));
            assertTrue(seconds > 3500 && seconds <= 3600, "Retry-After: " + seconds);
            assertTrue(refused.body().contains("<h1>429 Too Many Requests</h1>"), refused.body());
            assertEquals(200, client.get("/b").status(), "another route, on the same connection");
            assertEquals("{\"status\":429,\"error\":\"Too Many Requests\"}\n",
                    client.get("/a", "Accept: application/json").body());
            assertEquals(3, origin.requests().size());
            assertEquals(2, sluice.stats().sum(Counter.HTTP_RATE_LIMITED));
            assertEquals(Map.of("rate-limit", 2L), sluice.observer().current().listeners().getFirst().refused());
            assertMetric("sluice_route_rate_limited_requests_total{listener=\"in\",route=\"route-1\"} 2", sluice);
        }
    }

    @Test
    void tellsToComeAgainInASecondAtLeast() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ pool: pool, rate-limit: { requests: 2/s, burst: 1 } }");
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage refused = client.get("/");
            while (refused.status() == 200) {
                refused = client.get("/");
            }
            assertEquals("1", refused.field("Retry-After"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"respond: { body: hi }", "redirect: { to: /x }",
        "split: [{ pool: pool, weight: 100 }, { pool: pool, weight: 0 }]"})
    void limitsRoutesOfEachKind(String action) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ " + action + ", " + TWO + " }");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/");
            assertTrue(client.get("/").status() < 400);
            assertEquals(429, client.get("/").status());
        }
    }

    @Test
    void limitsAllRequestsOfARouteTogether() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ pool: pool, rate-limit: { requests: 1/h, burst: 2, by: route } }");
             HttpPeer client = HttpPeer.to(sluice);
             HttpPeer other = HttpPeer.from("127.0.0.2", sluice)) {
            assertEquals(200, client.get("/a").status());
            assertEquals(200, other.get("/b").status());
            assertEquals(429, client.get("/c").status());
            assertEquals(429, other.get("/a").status());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            { header: X-Key } | X-Key: a | x-key: b
            { cookie: uid } | Cookie: x=1; uid=a | Cookie: uid=b; x=1
            """)
    void limitsEachValueOfAPartAndNotRequestsWithoutIt(String by, String one, String other) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ pool: pool, rate-limit: { requests: 1/h, burst: 1, by: " + by + " } }");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(200, client.get("/", one).status());
            assertEquals(429, client.get("/", one).status());
            assertEquals(200, client.get("/", other).status());
            assertEquals(429, client.get("/", other).status());
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.get("/").status());
                assertEquals(200, client.get("/", "X-Key:", "Cookie: uid=").status());
            }
        }
    }

    @Test
    void limitsTheClientThatATrustedProxyNames() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("forwarded: { trusted: 127.0.0.1, client: x-forwarded-for }, routes: ["
                     + "{ pool: pool, rate-limit: { requests: 1/h, burst: 1 } }]", HttpOrigin.entries(origin), "");
             HttpPeer proxy = HttpPeer.to(sluice); HttpPeer direct = HttpPeer.from("127.0.0.9", sluice)) {
            assertEquals(200, proxy.get("/", "X-Forwarded-For: 192.0.2.1").status());
            assertEquals(200, proxy.get("/", "X-Forwarded-For: 192.0.2.2").status());
            assertEquals(429, proxy.get("/", "X-Forwarded-For: 192.0.2.1").status());
            assertEquals(200, proxy.get("/", "X-Forwarded-For: 2001:db8::1:1").status());
            assertEquals(429, proxy.get("/", "X-Forwarded-For: 2001:db8::2:2").status(), "of the same network");
            assertEquals(200, proxy.get("/", "X-Forwarded-For: 127.0.0.9").status());
            assertEquals(429, direct.get("/", "X-Forwarded-For: 192.0.2.3").status());
        }
    }

    @Test
    void servesInADryRunWhatItCounts() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ pool: pool, rate-limit: { requests: 1/h, burst: 1, dry-run: true } }");
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.get("/").status());
            }
            assertEquals(2, sluice.stats().sum(Counter.HTTP_RATE_LIMITED));
            assertEquals(Map.of(), sluice.observer().current().listeners().getFirst().refused());
            assertMetric("sluice_route_rate_limited_requests_total{listener=\"in\",route=\"route-1\"} 2", sluice);
        }
    }

    @Test
    void keepsTheConnectionIfTheWholeRequestHasComeAndClosesItOtherwise() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ pool: pool, " + TWO + " }");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/");
            client.get("/");
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
            HttpMessage kept = client.response();
            assertEquals(429, kept.status());
            assertFalse(kept.has("Connection"));
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nhi");
            HttpMessage closed = client.response();
            assertEquals(429, closed.status());
            assertEquals("close", closed.field("Connection"));
            client.finish();
            assertEquals("", client.rest());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void countsOverAllWorkersTogether() throws Exception {
        int clients = 16;
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = InProcess.launch("""
                     workers: 4
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, access-log: off,
                                   routes: [{ respond: {}, rate-limit: { requests: 1/h, burst: 1000 } }] }]
                     pools: { pool: { servers: %s } }
                     """.formatted(HttpOrigin.entries(origin)));
             ExecutorService executor = Executors.newFixedThreadPool(clients)) {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                work.add(() -> answered(sluice, 100));
            }
            int served = 0;
            for (Future<Integer> one : executor.invokeAll(work)) {
                served += one.get();
            }
            assertEquals(1000, served);
            assertTrue(sluice.workers().stream()
                    .filter(worker -> worker.stats().get(Counter.HTTP_REQUESTS) > 0).count() > 1);
        }
    }

    private static int answered(Sluice sluice, int requests) throws IOException {
        int served = 0;
        try (HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < requests; i++) {
                served += client.get("/").status() == 200 ? 1 : 0;
            }
        }
        return served;
    }

    @Test
    void logsWhatItRefuses(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("access.log");
        try (Sluice sluice = InProcess.launch("""
                workers: 1
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: http
                    access-log: { file: %s, format: "%%{route} %%{pool} %%{status} %%{termination}" }
                    routes: [{ name: hi, respond: {}, rate-limit: { requests: 1/h, burst: 1 } }]
                pools: { pool: { servers: [{ name: s, address: 127.0.0.1:1 }] } }
                """.formatted(log)); HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/");
            client.get("/");
            await().untilAsserted(() -> assertEquals(List.of("hi - 200 LR", "hi - 429 PR"), Files.readAllLines(log)));
        }
    }

    private static void assertMetric(String line, Sluice sluice) {
        String page = new String(new PrometheusMetrics(sluice.observer(), System::nanoTime).page("", false).body(),
                StandardCharsets.UTF_8);
        assertTrue(page.lines().anyMatch(line::equals), () -> line + " is not in\n" + page);
    }

    /** A trailer is not counted, and servers may merge trailers with the head. */
    @Test
    void aKeyInATrailerReachesNoServer() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ pool: pool, rate-limit: { requests: 1/h, by: { header: X-Api-Key } } }");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "0\r\nX-Api-Key: a\r\nX_Api_Key: b\r\nX-Sum: c\r\n\r\n");
            assertEquals(200, client.response().status());
            assertEquals(List.of("X-Sum: c"), origin.nextRequest().trailers());
        }
    }

    @Test
    void aKeyThatIsWrittenWithAnUnderscoreHasOtherSpellings() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ pool: pool, rate-limit: { requests: 1/h, by: { header: X_Key } } }");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/", "X_Key: a", "X-Key: b");
            HttpMessage request = origin.nextRequest();
            assertEquals("a", request.field("X_Key"));
            assertFalse(request.has("X-Key"));
        }
    }

    /** CGI and WSGI make one variable of both spellings, so a server could take the field for a key. */
    @Test
    void aKeyThatIsNotCountedReachesNoServerInAnotherSpelling() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = launch(origin, "{ match: { path: /free }, pool: pool }, "
                     + "{ pool: pool, rate-limit: { requests: 1/h, by: { header: X-Api-Key } } }");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/", "X_Api_Key: a", "x-api-key: b", "X-Api_Key: c", "X_Key: d");
            HttpMessage request = origin.nextRequest();
            assertEquals("b", request.field("X-Api-Key"));
            assertFalse(request.has("X_Api_Key"));
            assertFalse(request.has("X-Api_Key"));
            assertTrue(request.has("X_Key"));
            client.get("/free", "X_Api_Key: a");
            assertEquals("a", origin.nextRequest().field("X_Api_Key"));
        }
    }

    private static Sluice launch(HttpOrigin origin, String routes) throws Exception {
        return HttpSluice.launch("routes: [" + routes + "]", HttpOrigin.entries(origin), "");
    }
}
