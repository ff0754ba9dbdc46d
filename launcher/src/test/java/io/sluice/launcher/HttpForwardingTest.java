package io.sluice.launcher;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What servers learn of clients, what goes no further than one connection, and what error answers look like. */
class HttpForwardingTest {

    @Test
    void writesAnewWhatAnUntrustedClientSaysOfOthers() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, forwarded: { forwarded: true, via: edge }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 7.7.7.7", "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: evil", "X-Forwarded-Port: 1", "X-Real-IP: 6.6.6.6", "Forwarded: for=6.6.6.6");
            HttpMessage request = origin.nextRequest();
            assertEquals("127.0.0.1", request.field("X-Forwarded-For"));
            assertEquals("http", request.field("X-Forwarded-Proto"));
            assertEquals("test", request.field("X-Forwarded-Host"));
            assertEquals("" + InProcess.address(sluice).getPort(), request.field("X-Forwarded-Port"));
            assertFalse(request.has("X-Real-IP"));
            assertEquals("for=127.0.0.1;host=\"test\";proto=http", request.field("Forwarded"));
            assertEquals("1.1 edge", request.field("Via"));
        }
    }

    @Test
    void takesUnderscoresForDashesInWhatAnUntrustedClientMayNotSay() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("routes: [{ pool: pool, request-headers: { set: { X-User-Id: mine }, "
                     + "remove: [X-Debug] } }]", HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/", "X_Forwarded-For: 6.6.6.6", "x_forwarded_proto: https", "X_REAL_IP: 6.6.6.6",
                    "X-User_Id: root", "X_Debug: 1", "X_Forwarded: kept", "My_Field: kept");
            HttpMessage request = origin.nextRequest();
            List.of("X_Forwarded-For", "x_forwarded_proto", "X_REAL_IP", "X-User_Id", "X_Debug")
                    .forEach(name -> assertFalse(request.has(name), name));
            assertEquals("127.0.0.1", request.field("X-Forwarded-For"));
            assertEquals("mine", request.field("X-User-Id"));
            assertEquals("kept", request.field("X_Forwarded"));
            assertEquals("kept", request.field("My_Field"));
        }
    }

    /** Servers may merge trailers with the head's fields. */
    @Test
    void passesNoTrailerOnThatTheHeadMayNotBring() throws Exception {
        String chunk = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n";
        try (HttpOrigin origin = HttpOrigin.saying("HTTP/1.1 200 OK\r\n" + chunk
                + "server: inner\r\nX-Sum: 5\r\nX_Inner: 1\r\n\r\n");
             Sluice sluice = HttpSluice.launch("routes: [{ pool: pool, request-headers: { set: { X-User-Id: mine }, "
                     + "remove: [X-Debug] }, response-headers: { remove: [Server, X-Inner] } }]",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\n" + chunk + "X_Forwarded-For: 6.6.6.6\r\nX-User-Id: root\r\n"
                    + "x-sum: 5\r\nx_debug: 1\r\n\r\n");
            assertEquals(List.of("X-Sum: 5"), client.response().trailers());
            assertEquals(List.of("x-sum: 5"), origin.nextRequest().trailers());
            client.send("POST / HTTP/1.1\r\nHost: test\r\n" + chunk + "X-Debug: 1\r\n\r\n");
            assertEquals("hello", client.response().body());
            assertEquals(List.of(), origin.nextRequest().trailers());
        }
    }

    /** RFC 9110, section 7.6.1. */
    @Test
    void passesNoTrailerOnThatConnectionNames() throws Exception {
        String message = "Connection: X-Bar, x-foo\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
                + "X-Foo: 1\r\nX-Foot: 2\r\nVia: 1.1 a\r\n\r\n";
        try (HttpOrigin origin = HttpOrigin.saying("HTTP/1.1 200 OK\r\n" + message);
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\n" + message);
            assertEquals(List.of("X-Foot: 2", "Via: 1.1 a"), client.response().trailers());
            assertEquals(List.of("X-Foot: 2", "Via: 1.1 a"), origin.nextRequest().trailers());
        }
    }

    @Test
    void passesNothingOnThatAnUntrustedClientSaysWhereItSaysNothingItself() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, forwarded: { x-forwarded: false }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil",
                    "X-Forwarded-Port: 1", "X-Real-IP: 6.6.6.6", "Forwarded: for=6.6.6.6");
            assertEquals(List.of("Host", "X-Request-Id"), origin.nextRequest().head().stream().skip(1)
                    .map(line -> line.substring(0, line.indexOf(':'))).toList());
        }
    }

    @Test
    void tellsInXRealIpWhoTheClientIsWhateverItOrATrustedOneSays() throws Exception {
        for (String trusted : List.of("10.0.0.0/8", "127.0.0.0/8")) {
            try (HttpOrigin origin = HttpOrigin.start("server");
                 Sluice sluice = HttpSluice.launch("pool: pool, forwarded: { x-real-ip: true, x-forwarded: false, "
                         + "trusted: " + trusted + " }", HttpOrigin.entries(origin), "");
                 HttpPeer client = HttpPeer.to(sluice)) {
                client.get("/", "X-Real-IP: 6.6.6.6", "x_real_ip: 6.6.6.6", "X-Real-IP: 7.7.7.7",
                        "Connection: X-Real-IP", "X-Forwarded-For: 6.6.6.6");
                HttpMessage request = origin.nextRequest();
                assertEquals(List.of("127.0.0.1"), request.fields("X-Real-IP"));
                assertFalse(request.has("x_real_ip"));
            }
        }
    }

    @Test
    void tellsOfAnOldClientThatNamesNoHost() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, forwarded: { forwarded: true, via: edge }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            HttpMessage request = origin.nextRequest();
            assertEquals("for=127.0.0.1;proto=http", request.field("Forwarded"));
            assertEquals("1.0 edge", request.field("Via"));
            assertFalse(request.has("X-Forwarded-Host"));
        }
    }

    @Test
    void continuesWhatATrustedClientSaysOfOthers() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, forwarded: { forwarded: true, trusted: [127.0.0.0/8] }",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/", "X-Forwarded-For:", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 7.7.7.7",
                    "X-Forwarded-Proto: https", "X-Forwarded-Host: shop", "X-Forwarded-Port: 443",
                    "X-Real-IP: 6.6.6.6", "Forwarded: for=6.6.6.6", "X-Request-Id: mine");
            HttpMessage request = origin.nextRequest();
            assertEquals("6.6.6.6, 7.7.7.7, 127.0.0.1", request.field("X-Forwarded-For"));
            assertEquals("https", request.field("X-Forwarded-Proto"));
            assertEquals("shop", request.field("X-Forwarded-Host"));
            assertEquals("443", request.field("X-Forwarded-Port"));
            assertEquals("6.6.6.6", request.field("X-Real-IP"));
            assertEquals("for=6.6.6.6, for=127.0.0.1;host=\"test\";proto=http", request.field("Forwarded"));
            assertEquals("mine", request.field("X-Request-Id"));
        }
    }

    @Test
    void whatARouteSetsTakesThePlaceOfWhatSluiceWouldSay() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("forwarded: { x-real-ip: true, forwarded: true, via: edge }, "
                     + "routes: [{ pool: pool, request-headers: { set: { X-Real-IP: zero, X-Forwarded-For: one, "
                     + "X-Forwarded-Host: two, X-Forwarded-Port: 3, "
                     + "X-Forwarded-Proto: https, Forwarded: for=five, Via: 1.1 six, Max-Forwards: 7, "
                     + "X-Request-Id: fixed } } }]",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("OPTIONS / HTTP/1.1\r\nHost: test\r\nMax-Forwards: 3\r\n\r\n");
            HttpMessage request = origin.nextRequest();
            assertEquals(List.of("zero"), request.fields("X-Real-IP"));
            assertEquals("one", request.field("X-Forwarded-For"));
            assertEquals("two", request.field("X-Forwarded-Host"));
            assertEquals("3", request.field("X-Forwarded-Port"));
            assertEquals("https", request.field("X-Forwarded-Proto"));
            assertEquals("for=five", request.field("Forwarded"));
            assertEquals("1.1 six", request.field("Via"));
            assertEquals(List.of("7"), request.fields("Max-Forwards"));
            assertEquals("fixed", request.field("X-Request-Id"));
        }
    }

    @Test
    void makesRequestIdsThatDiffer() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/");
            client.get("/");
            String first = origin.nextRequest().field("X-Request-Id");
            assertFalse(first.isEmpty());
            assertFalse(first.equals(origin.nextRequest().field("X-Request-Id")));
        }
    }

    @Test
    void makesARequestIdInPlaceOfAnEmptyOne() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/", "X-Request-Id:");
            List<String> sent = origin.nextRequest().fields("X-Request-Id");
            assertEquals(1, sent.size());
            assertEquals(32, sent.getFirst().length());
        }
    }

    @Test
    void logsTheRequestIdThatItMakesAndKeepsItWhenItTriesAgain(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("access.log");
        try (HttpOrigin busy = HttpOrigin.saying("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
             HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = InProcess.launch("""
                     workers: 1
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: pool,
                                   access-log: { file: %s, format: "%%{request_id}" } }]
                     pools: { pool: { balance: first, servers: %s, retry: { on: [503] } } }
                     """.formatted(log, HttpOrigin.entries(busy, good)));
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("good /", client.get("/").body());
            String id = busy.nextRequest().field("X-Request-Id");
            assertEquals(id, good.nextRequest().field("X-Request-Id"));
            await().untilAsserted(() -> assertEquals(id + "\n", Files.readString(log)));
        }
    }

    @Test
    void removesWhatIsMeantForOneConnectionOnly() throws Exception {
        try (HttpOrigin origin = HttpOrigin.saying("HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
                + "Keep-Alive: timeout=5\r\nX-End: 2\r\nContent-Length: 0\r\n\r\n");
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/", "Connection: keep-alive, X-Mine", "X-Mine: 1", "Keep-Alive: 5",
                    "Proxy-Connection: keep-alive", "TE: gzip", "Upgrade: h2c", "X-End: 2");
            HttpMessage request = origin.nextRequest();
            for (String name : List.of("Connection", "X-Mine", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade")) {
                assertFalse(request.has(name), name);
            }
            assertEquals("2", request.field("X-End"));
            assertFalse(response.has("X-Hop") || response.has("Keep-Alive") || response.has("Connection"));
            assertEquals("2", response.field("X-End"));
        }
    }

    @Test
    void tellsTheServerWhetherTheClientReadsTrailers() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/", "TE: gzip, Trailers", "Connection: TE");
            HttpMessage request = origin.nextRequest();
            assertEquals("trailers", request.field("TE"));
            assertEquals("TE", request.field("Connection"));
            client.get("/");
            assertFalse(origin.nextRequest().has("TE"));
        }
    }

    @Test
    void datesResponsesThatTheServerHasNotDated() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
        try (HttpOrigin dating = HttpOrigin.saying(head + "Date: then\r\n\r\n");
             HttpOrigin silent = HttpOrigin.saying(head + "\r\n");
             Sluice first = HttpSluice.before(dating); Sluice second = HttpSluice.before(silent);
             HttpPeer toFirst = HttpPeer.to(first); HttpPeer toSecond = HttpPeer.to(second)) {
            assertEquals(List.of("then"), toFirst.get("/").fields("Date"));
            Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            Instant date = Instant.from(RFC_1123_DATE_TIME.parse(toSecond.get("/").field("Date")));
            assertFalse(date.isBefore(before) || date.isAfter(Instant.now()), date::toString);
        }
    }

    @Test
    void countsTheHopsOfOptionsAndTrace() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("OPTIONS * HTTP/1.1\r\nHost: test\r\nMax-Forwards: 3\r\n\r\n");
            assertEquals(200, client.response().status());
            HttpMessage request = origin.nextRequest();
            assertEquals("OPTIONS * HTTP/1.1", request.startLine());
            assertEquals("2", request.field("Max-Forwards"));
            client.send("OPTIONS / HTTP/1.1\r\nHost: test\r\nMax-Forwards: 0\r\n\r\n");
            assertTrue(client.response().has("Allow"));
            client.send("TRACE / HTTP/1.1\r\nHost: test\r\nMax-Forwards: 0\r\n\r\n");
            assertEquals(405, client.response().status());
            assertEquals(1, origin.requests().size());
            client.send("OPTIONS / HTTP/1.1\r\nHost: test\r\nMax-Forwards: many\r\n\r\n");
            client.response();
            assertFalse(origin.nextRequest().has("Max-Forwards"));
            client.get("/", "Max-Forwards: 3");
            assertEquals("3", origin.nextRequest().field("Max-Forwards"), "of a GET it says nothing");
        }
    }

    @Test
    void asksAboutTheServerAsAWholeInItsOneForm() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("OPTIONS http://test HTTP/1.1\r\nHost: test\r\n\r\n"
                    + "OPTIONS http://test?q HTTP/1.1\r\nHost: test\r\n\r\n"
                    + "GET http://test HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals("OPTIONS * HTTP/1.1", origin.nextRequest().startLine());
            assertEquals("OPTIONS /?q HTTP/1.1", origin.nextRequest().startLine());
            assertEquals("GET / HTTP/1.1", origin.nextRequest().startLine());
        }
    }

    @Test
    void showsTheErrorPagesThatFit(@TempDir Path directory) throws Exception {
        Path page = Files.writeString(directory.resolve("502.html"), "<p>own page</p>");
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> peer.leave());
             Sluice sluice = HttpSluice.launch("routes: [{ match: { path: /own }, pool: pool }]",
                     HttpOrigin.entries(origin), "error-pages: { 502: " + page + " }");
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage own = client.get("/own");
            assertEquals(502, own.status());
            assertEquals("<p>own page</p>", own.body());
            HttpMessage notHtml = client.get("/own", "Accept: application/json");
            assertTrue(notHtml.body().contains("\"status\":502"), notHtml.body());
            HttpMessage html = client.get("/none", "Accept: text/html,application/json");
            assertEquals(404, html.status());
            assertTrue(html.field("Content-Type").startsWith("text/html"));
            HttpMessage json = client.get("/none", "Accept: application/json, text/html;q=0.5");
            assertEquals("application/json", json.field("Content-Type"));
            assertTrue(json.body().contains("\"status\":404"), json.body());
        }
    }

    @Test
    void learnsTheClientFromTheProxyProtocol() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, proxy-protocol: { accept: required, "
                     + "trusted: [127.0.0.0/8] }, deny: [203.0.113.66]", HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice); HttpPeer denied = HttpPeer.to(sluice)) {
            client.send("PROXY TCP4 203.0.113.7 203.0.113.8 1234 80\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals("server /", client.response().body());
            assertEquals("203.0.113.7", origin.nextRequest().field("X-Forwarded-For"));
            client.get("/");
            assertEquals("203.0.113.7", origin.nextRequest().field("X-Forwarded-For"));
            denied.send("PROXY TCP4 203.0.113.66 203.0.113.8 1234 80\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertTrue(denied.awaitEndByReset());
            assertEquals(2, origin.requests().size());
        }
    }
}
