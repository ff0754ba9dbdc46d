package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code sluice route} tells what becomes of a request. */
class RouteCommandTest {

    private static final String CONFIG = """
            listeners:
              - { name: db, protocol: tcp, bind: 127.0.0.1:1, pool: db }
              - name: web
                protocol: http
                bind: 127.0.0.1:2
                deny: 10.9.0.0/16
                forwarded: { trusted: [192.0.2.0/24], client: x-forwarded-for }
                limits: { uri-bytes: 64, body-bytes: 1000 }
                routes:
                  - name: orders
                    match: { host: shop.example.com, path: /api/orders/** }
                    pool: db
                    rewrite: { strip-prefix: /api }
                    request-headers: { set: { X-Env: prod }, remove: [X-Debug], add: { X-More: "1" } }
                    response-headers: { remove: [Server, X-Powered-By] }
                  - name: beta
                    match: { host: "*.example.com", header: { X-Beta: "yes" } }
                    split: [{ pool: db, weight: 0.5 }, { pool: v2, weight: 99.5 }]
                    split-by: { cookie: uid }
                  - { name: office, match: { path: /old/*, client: 10.0.0.0/8 }, redirect: { to: /office/ } }
                  - name: old
                    match: { path: [/older/x/**, /old/*] }
                    redirect: { to: "https://e.com/new/", status: 308 }
                  - name: reports
                    match: { path: /reports/* }
                    split: [{ pool: db, weight: 50 }, { pool: v2, weight: 50 }]
                    limits: { body-bytes: 1GiB }
                    timeouts: { response: 5m, server: 2h, tunnel: 3h }
                  - name: usual
                    match: { path: /usual }
                    pool: v2
                    limits: { body-bytes: 1000 }
                    timeouts: { response: 5m, server: 1h, tunnel: 1h }
                  - { name: any, match: { path: /any }, pool: v2, limits: { body-bytes: unlimited } }
                  - { name: login, match: { path: /login }, pool: v2, rate-limit: { requests: 5/min } }
                  - name: key
                    match: { path: /key }
                    respond: {}
                    rate-limit: { requests: 10/s, burst: 20, by: { header: X-Api-Key }, dry-run: true }
                  - { name: php, match: { path-suffix: .php }, respond: {}, rate-limit: { requests: 9/s, by: route } }
                  - { name: robots, match: { path: /robots.txt }, respond: { body: "User-agent: *\\n" } }
              - { name: other, protocol: http, bind: 127.0.0.1:3, pool: v2 }
            pools:
              db: { servers: [{ name: s, address: "127.0.0.1:4" }] }
              v2: { servers: [{ name: s, address: "127.0.0.1:5" }], timeouts: { response: 5m } }
            """;

    @TempDir
    private Path directory;
    private Path file;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeConfig() throws IOException {
        file = Files.writeString(directory.resolve("my.yaml"), CONFIG);
    }

    @Test
    void tellsRouteRewritePoolAndHeaders() {
        assertWeb("""
                listener: web
                route: orders
                path: /api/orders/1 -> /orders/1
                pool: db
                request: remove X-Debug
                request: set X-Env: prod
                request: add X-More: 1
                response: remove Server
                response: remove X-Powered-By
                """, "GET", "http://shop.example.com/x/../api//%6frders/1?q#f");
    }

    @Test
    void tellsTheSideOfASplit() {
        String beta = "listener: web\nroute: beta\npath: /\nsplit: db 0.5 %, v2 99.5 %\n";
        assertWeb(beta + "pool: by chance, as the request has no cookie uid\n",
                "GET", "https://a.example.com:8443", "-H", "X-Beta: yes");
        assertWeb(beta + "pool: v2, always, by cookie uid\n",
                "GET", "http://a.example.com", "-H", "X-Beta: yes", "--header", "Cookie: uid=7");
    }

    @Test
    void tellsHowOftenRequestsMayCome() {
        assertWeb("listener: web\nroute: login\nrate-limit: 5/min by client, burst 5\npath: /login\npool: v2\n",
                "GET", "http://h/login");
        assertWeb("listener: web\nroute: php\nrate-limit: 9/s by route, burst 9\n"
                + "respond: 200, 0 bytes of text/plain; charset=utf-8\n", "GET", "http://h/x.php");
        String key = "listener: web\nroute: key\nrate-limit: 10/s by header X-Api-Key, burst 20, dry-run";
        String respond = "\nrespond: 200, 0 bytes of text/plain; charset=utf-8\n";
        assertWeb(key + respond, "GET", "http://h/key", "-H", "X-Api-Key: 7");
        assertWeb(key + "; not for this request, which has no header X-Api-Key" + respond, "GET", "http://h/key");
    }

    @Test
    void tellsWhereARedirectLeads() {
        assertWeb("listener: web\nroute: old\nredirect: 308 https://e.com/new/x?y=1\n", "GET", "http://h/old/x?y=1");
        assertWeb("listener: web\nroute: old\nredirect: 308 https://e.com/new/y\n", "GET", "http://h/older/x/y");
    }

    @Test
    void takesTheClientForTheOneThatIsGiven() {
        assertWeb("listener: web\nroute: office\nredirect: 302 /office/x\n", "GET", "http://h/old/x",
                "--client", "10.1.2.3");
        assertWeb("listener: web\nclosed: by allow and deny, 10.9.2.3 is not let in\n", "GET", "http://h/old/x",
                "--client", "10.9.2.3");
    }

    @Test
    void takesTheClientThatATrustedProxyNames() {
        String redirect = "route: office\nredirect: 302 /office/x\n";
        assertWeb("listener: web\nclient: 10.1.2.3, by X-Forwarded-For\n" + redirect, "GET", "http://h/old/x",
                "--client", "192.0.2.1",
                "-H", "X-Forwarded-For: 6.6.6.6, 10.1.2.3", "-H", "x-forwarded-for: 192.0.2.2");
        assertWeb("listener: web\n" + redirect, "GET", "http://h/old/x",
                "--client", "10.1.2.3", "-H", "X-Forwarded-For: 203.0.113.9");
        assertWeb("listener: web\nroute: old\nredirect: 308 https://e.com/new/x\n", "GET", "http://h/old/x",
                "--client", "192.0.2.1", "-H", "X-Forwarded-For: unknown");
    }

    @Test
    void tellsAnAnswerOfSluicesOwn() {
        assertWeb("listener: web\nroute: robots\nrespond: 200, 14 bytes of text/plain; charset=utf-8\n",
                "GET", "http://h/robots.txt");
    }

    @Test
    void tellsWhatSluiceAnswersWhateverTheRoutesSay() {
        String tunnel = "listener: web\nanswer: 405: Sluice makes no tunnels for CONNECT.\n";
        assertWeb(tunnel, "CONNECT", "https://h");
        assertWeb(tunnel, "CONNECT", "http://[::1]/");
        assertWeb(tunnel, "CONNECT", "http://h:8443");
        assertWeb("listener: web\nanswer: 405: Max-Forwards is 0, and Sluice does not answer TRACE.\n",
                "TRACE", "http://h/any", "-H", "Max-Forwards: 0");
        assertWeb("listener: web\nanswer: 200: Max-Forwards is 0, so Sluice answers OPTIONS.\n",
                "OPTIONS", "http://h/any", "-H", "Max-Forwards: 0");
        String routed = "listener: web\nroute: any\npath: /any\npool: v2\nlimits: body-bytes: unlimited\n";
        assertWeb(routed, "TRACE", "http://h/any", "-H", "Max-Forwards: 1");
        assertWeb(routed, "GET", "http://h/any", "-H", "Max-Forwards: 0");
    }

    @Test
    void tellsWhatBecomesOfAQuestionToTheWholeServer() {
        assertWeb("listener: web\nno route: 404\n", "OPTIONS", "*", "-H", "Host: h");
        assertWeb("listener: web\nrefused: 400 missing-host: An HTTP/1.1 request has no Host.\n", "OPTIONS", "*");
        assertWeb("listener: web\nroute: beta\npath: *\nsplit: db 0.5 %, v2 99.5 %\n"
                + "pool: by chance, as the request has no cookie uid\n",
                "OPTIONS", "*", "-H", "Host: a.example.com", "-H", "X-Beta: yes");
        assertWeb("listener: web\nanswer: 200: Max-Forwards is 0, so Sluice answers OPTIONS.\n",
                "OPTIONS", "*", "-H", "Host: h", "-H", "Max-Forwards: 0");
    }

    @Test
    void tellsLimitsAndTimesThatAreNotTheUsualOnes() {
        assertWeb("""
                listener: web
                route: reports
                path: /reports/1
                split: db 50.0 %, v2 50.0 %
                pool: by chance
                limits: body-bytes: 1GiB
                timeouts: response: 5m
                timeouts: server: 2h
                timeouts: tunnel: 3h
                """, "POST", "http://h/reports/1", "-H", "Content-Length: 1001");
        assertWeb("listener: web\nroute: usual\npath: /usual\npool: v2\n", "GET", "http://h/usual");
        assertWeb("listener: web\nroute: any\npath: /any\npool: v2\nlimits: body-bytes: unlimited\n",
                "GET", "http://h/any");
    }

    @Test
    void tellsThatTheBodyIsTooLargeForTheRoute() {
        String refused = "refused: 413 body-too-large: The body is larger than the limit.\n";
        assertWeb("listener: web\nroute: usual\n" + refused, "PUT", "http://h/usual", "-H", "Content-Length: 1001");
        assertWeb("listener: web\nroute: robots\n" + refused,
                "PUT", "http://h/robots.txt", "-H", "Content-Length: 1001");
    }

    @Test
    void tellsThatNoRouteTakesIt() {
        assertWeb("listener: web\nno route: 404\n", "GET", "http://h?x");
        assertWeb("listener: web\nno route: 404\n", "GET", "http://shop.example.com/api/orders", "-H", "host: h");
    }

    @Test
    void tellsThatARequestIsRefused() {
        assertWeb("listener: web\nrefused: 400 encoded-nul: The path holds an encoded NUL.\n", "GET", "http://h/a%00");
        assertWeb("listener: web\nrefused: 414 uri-too-long: The request target is longer than the limit.\n",
                "GET", "http://h/" + "x".repeat(64));
        assertWeb("listener: web\nrefused: 400 missing-colon: A field line has no colon.\n",
                "GET", "http://h/", "-H", "X-Beta");
    }

    @Test
    void tellsOfEachHttpListenerIfNoneIsNamed() {
        assertEquals(ExitCode.OK, run("GET", "http://h/"));
        assertEquals("""
                listener: web
                no route: 404

                listener: other
                route: route-1
                path: /
                pool: v2
                """, out.toString());
    }

    @Test
    void refusesAListenerThatDoesNotSpeakHttp() {
        assertEquals(ExitCode.USAGE, run("GET", "http://h/", "--listener", "db"));
        assertTrue(err.toString().startsWith("no HTTP listener of " + file + " is named db"), err.toString());
    }

    @Test
    void refusesAConfigurationWithoutAnHttpListener() throws IOException {
        Files.writeString(file, """
                listeners: [{ name: db, protocol: tcp, bind: 127.0.0.1:1, pool: db }]
                pools: { db: { servers: [{ name: s, address: "127.0.0.1:4" }] } }
                """);
        assertEquals(ExitCode.USAGE, run("GET", "http://h/"));
        assertTrue(err.toString().startsWith("no listener of " + file + " speaks HTTP"), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void refusesWhatIsNoUrlAndNoAddress() {
        assertEquals(ExitCode.USAGE, run("GET", "h/x"));
        assertTrue(err.toString().startsWith("a URL begins with http:// or https://, unlike h/x"), err.toString());
        assertEquals(ExitCode.USAGE, run("GET", "http://h/x", "--client", "localhost"));
        assertTrue(err.toString().contains("'localhost' is not an IP address"), err.toString());
    }

    @Test
    void refusesAnInvalidConfiguration() throws IOException {
        Files.writeString(file, CONFIG.replace("pool: v2 }\npools", "pool: v3 }\npools"));
        assertEquals(ExitCode.INVALID_CONFIG, run("GET", "http://h/"));
        assertTrue(err.toString().contains("no pool is named \"v3\""), err.toString());
    }

    private void assertWeb(String expected, String... arguments) {
        out.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--listener", "web"));
        assertEquals(ExitCode.OK, run(all.toArray(String[]::new)), err::toString);
        assertEquals(expected, out.toString());
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("route", "-f", file.toString()));
        all.addAll(List.of(arguments));
        CommandLine commandLine = SluiceCommand.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(all.toArray(String[]::new));
    }
}
