package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Behind a trusted proxy, X-Forwarded-For names the client of each request. */
class HttpNamedClientTest {

    private static final String BEHIND_PROXY =
            "forwarded: { trusted: [127.0.0.1/32, 10.0.0.0/8], client: x-forwarded-for }";
    private static final String ROUTES = "routes: ["
            + "{ name: office, match: { client: [198.51.100.0/24, 2001:db8::/32] }, respond: { body: office } }, "
            + "{ name: proxy, match: { client: 127.0.0.1 }, respond: { body: proxy } }, "
            + "{ name: other, respond: { body: other } }]";
    private static final String NO_SERVERS = "[{ name: none, address: \"127.0.0.1:1\" }]";

    @TempDir
    private Path directory;

    @Test
    void judgesEachRequestOfAConnectionByItsOwnClient() throws Exception {
        try (Sluice sluice = HttpSluice.launch(BEHIND_PROXY + ", " + ROUTES, NO_SERVERS, "");
             HttpPeer proxy = HttpPeer.to(sluice)) {
            assertEquals("office", proxy.get("/", "X-Forwarded-For: 198.51.100.7").body());
            assertEquals("other", proxy.get("/", "X-Forwarded-For: 203.0.113.9").body());
            assertEquals("proxy", proxy.get("/").body());
            assertEquals("office", proxy.get("/", "X-Forwarded-For: [2001:db8::1]:443").body());
            assertEquals("other", proxy.get("/", "X-Forwarded-For: 198.51.100.7, 203.0.113.9:80, 10.1.1.1").body());
            assertEquals("office", proxy.get("/", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 198.51.100.7").body());
            assertEquals("proxy", proxy.get("/", "X-Forwarded-For: 198.51.100.7, unknown").body());
            assertEquals("proxy", proxy.get("/", "X-Forwarded-For:").body());
        }
    }

    @Test
    void judgesPipelinedRequestsByTheirOwnClients() throws Exception {
        try (Sluice sluice = HttpSluice.launch(BEHIND_PROXY + ", " + ROUTES, NO_SERVERS, "");
             HttpPeer proxy = HttpPeer.to(sluice)) {
            proxy.send("""
                    GET / HTTP/1.1
                    Host: a
                    X-Forwarded-For: 203.0.113.9

                    GET / HTTP/1.1
                    Host: a
                    X-Forwarded-For: 198.51.100.7

                    GET / HTTP/1.1
                    Host: a

                    """.replace("\n", "\r\n"));
            assertEquals("other", proxy.response().body());
            assertEquals("office", proxy.response().body());
            assertEquals("proxy", proxy.response().body());
        }
    }

    @Test
    void believesNobodyWhoIsNotTrusted() throws Exception {
        try (Sluice sluice = HttpSluice.launch(BEHIND_PROXY + ", " + ROUTES, NO_SERVERS, "");
             HttpPeer stranger = HttpPeer.from("127.0.0.9", sluice)) {
            assertEquals("other", stranger.get("/", "X-Forwarded-For: 198.51.100.7").body());
        }
    }

    @Test
    void takesTheConnectionsClientIfNotToldOtherwise() throws Exception {
        try (Sluice sluice = HttpSluice.launch("forwarded: { trusted: 127.0.0.1 }, " + ROUTES, NO_SERVERS, "");
             HttpPeer proxy = HttpPeer.to(sluice)) {
            assertEquals("proxy", proxy.get("/", "X-Forwarded-For: 198.51.100.7").body());
        }
    }

    @Test
    void looksAtTheConnectionForWhoIsLetIn() throws Exception {
        try (Sluice sluice = HttpSluice.launch(BEHIND_PROXY + ", deny: [198.51.100.0/24], allow: [127.0.0.1/32], "
                     + ROUTES, NO_SERVERS, "");
             HttpPeer proxy = HttpPeer.to(sluice); HttpPeer stranger = HttpPeer.from("127.0.0.9", sluice)) {
            assertEquals("office", proxy.get("/", "X-Forwarded-For: 198.51.100.7").body());
            assertTrue(stranger.awaitEndByReset());
        }
    }

    @Test
    void trustsTheAddressOfAProxyProtocolHeader() throws Exception {
        try (Sluice sluice = HttpSluice.launch("proxy-protocol: { accept: required, trusted: 127.0.0.0/8 }, "
                     + BEHIND_PROXY + ", " + ROUTES, NO_SERVERS, "");
             HttpPeer proxy = HttpPeer.to(sluice); HttpPeer stranger = HttpPeer.to(sluice)) {
            proxy.send("PROXY TCP4 10.1.1.1 10.0.0.1 1234 80\r\n");
            assertEquals("office", proxy.get("/", "X-Forwarded-For: 198.51.100.7").body());
            stranger.send("PROXY TCP4 203.0.113.9 10.0.0.1 1234 80\r\n");
            assertEquals("other", stranger.get("/", "X-Forwarded-For: 198.51.100.7").body());
        }
    }

    @Test
    void tellsServersOfTheSameAddressesAsBefore() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, " + BEHIND_PROXY, HttpOrigin.entries(origin), "");
             HttpPeer proxy = HttpPeer.to(sluice)) {
            proxy.get("/", "X-Forwarded-For: 6.6.6.6, 203.0.113.9", "X-Real-IP: 203.0.113.9");
            HttpMessage request = origin.nextRequest();
            assertEquals("6.6.6.6, 203.0.113.9, 127.0.0.1", request.field("X-Forwarded-For"));
            assertEquals("203.0.113.9", request.field("X-Real-IP"));
        }
    }

    @Test
    void namesTheClientInXRealIp() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, " + BEHIND_PROXY.replace(" }", ", x-real-ip: true }"),
                     HttpOrigin.entries(origin), "");
             HttpPeer proxy = HttpPeer.to(sluice); HttpPeer stranger = HttpPeer.from("127.0.0.9", sluice)) {
            assertEquals("203.0.113.9", realIp(origin, proxy, "6.6.6.6, 203.0.113.9:567, 10.1.1.1"));
            assertEquals("2001:db8::9", realIp(origin, proxy, "[2001:DB8:0::9]:567"));
            assertEquals("203.0.113.9", realIp(origin, proxy, "::ffff:203.0.113.9"));
            assertEquals("127.0.0.1", realIp(origin, proxy, "203.0.113.9, unknown"));
            assertEquals("127.0.0.9", realIp(origin, stranger, "203.0.113.9"));
        }
    }

    /** The only one that the server gets. */
    private static String realIp(HttpOrigin origin, HttpPeer client, String forwardedFor) throws Exception {
        client.get("/", "X-Forwarded-For: " + forwardedFor, "X-Real-IP: 6.6.6.6");
        return String.join(" and ", origin.nextRequest().fields("X-Real-IP"));
    }

    @Test
    void balancesByTheNamedClient() throws Exception {
        assertBalancesByClient("balance: ip-hash");
        assertBalancesByClient("balance: hash, hash-by: client");
        assertBalancesByClient("balance: hash, hash-by: { header: X-Absent }");
    }

    /** The same server for the same client, however it comes; several servers for several clients. */
    private static void assertBalancesByClient(String balance) throws Exception {
        try (HttpOrigin one = HttpOrigin.start("one"); HttpOrigin two = HttpOrigin.start("two");
             Sluice sluice = HttpSluice.launch("pool: pool, " + BEHIND_PROXY, HttpOrigin.entries(one, two), balance);
             HttpPeer proxy = HttpPeer.to(sluice)) {
            Set<String> servers = new HashSet<>();
            for (int last = 2; last < 32; last++) {
                String client = "127.0.0." + last;
                String named = proxy.get("/", "X-Forwarded-For: " + client).body();
                servers.add(named);
                try (HttpPeer direct = HttpPeer.from(client, sluice)) {
                    assertEquals(named, direct.get("/").body(), client);
                }
            }
            assertEquals(Set.of("one /", "two /"), servers, balance);
        }
    }

    @Test
    void splitsByTheNamedClient() throws Exception {
        try (HttpOrigin one = HttpOrigin.start("one"); HttpOrigin two = HttpOrigin.start("two");
             Sluice sluice = InProcess.launch("""
                     listeners:
                       - name: in
                         protocol: http
                         bind: 127.0.0.1:0
                         access-log: off
                         %s
                         routes: [{ split: [{ pool: one, weight: 50 }, { pool: two, weight: 50 }], split-by: client }]
                     pools: { one: { servers: [%s] }, two: { servers: [%s] } }
                     """.formatted(BEHIND_PROXY, one.entry(""), two.entry("")));
             HttpPeer proxy = HttpPeer.to(sluice)) {
            Map<String, String> sides = new HashMap<>();
            for (int i = 0; i < 64; i++) {
                String client = "2001:db8::" + i % 32;
                String side = proxy.get("/", "X-Forwarded-For: " + client).body();
                assertEquals(sides.getOrDefault(client, side), side, client);
                sides.put(client, side);
            }
            assertEquals(Set.of("one /", "two /"), Set.copyOf(sides.values()));
        }
    }

    @Test
    void logsTheNamedClientAndThePeer() throws Exception {
        Path log = directory.resolve("access.log");
        try (Sluice sluice = InProcess.launch("""
                workers: 1
                listeners:
                  - name: in
                    protocol: http
                    bind: 127.0.0.1:0
                    access-log: { file: %s, format: "%%{client_ip} %%{client_port} %%{peer_ip} %%{status}" }
                    %s
                    %s
                pools: { pool: { servers: %s } }
                """.formatted(log, BEHIND_PROXY, ROUTES, NO_SERVERS));
             HttpPeer proxy = HttpPeer.to(sluice); HttpPeer stranger = HttpPeer.from("127.0.0.9", sluice)) {
            proxy.get("/", "X-Forwarded-For: 198.51.100.7:567");
            proxy.get("/", "X-Forwarded-For: 2001:db8::9");
            proxy.get("/%00", "X-Forwarded-For: 198.51.100.8");
            proxy.get("/");
            stranger.get("/", "X-Forwarded-For: 198.51.100.7");
            proxy.send("GET / HTTP/1.1\r\nX-Forwarded-For: 198.51.100.7\r\nno field\r\n\r\n");
            assertEquals(400, proxy.response().status());
            int port = proxy.socket().getLocalPort();
            int otherPort = stranger.socket().getLocalPort();
            await().untilAsserted(() -> assertEquals(List.of(
                    "198.51.100.7 567 127.0.0.1 200", "2001:db8::9 - 127.0.0.1 200", "198.51.100.8 - 127.0.0.1 400",
                    "127.0.0.1 " + port + " 127.0.0.1 200", "127.0.0.9 " + otherPort + " 127.0.0.9 200",
                    "127.0.0.1 " + port + " 127.0.0.1 400"), Files.readAllLines(log)));
            assertEquals(List.of("198.51.100.8", "127.0.0.1:" + port), sluice.control().refusedMessages().stream()
                    .map(message -> message.parties().client()).toList());
        }
    }

    @Test
    void namesTheClientToServersThatGetAProxyProtocolHeader() throws Exception {
        BlockingQueue<String> headers = new LinkedBlockingQueue<>();
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer sluice = HttpPeer.on(socket);
            headers.add(sluice.line());
            sluice.request();
            sluice.send(HttpOrigin.ok("served"));
        });
             Sluice sluice = HttpSluice.launch("pool: pool, " + BEHIND_PROXY, NamedServer.entries(server),
                     "send-proxy-protocol: v1");
             HttpPeer proxy = HttpPeer.to(sluice)) {
            int port = InProcess.address(sluice).getPort();
            proxy.get("/", "X-Forwarded-For: 203.0.113.9:567");
            assertEquals("PROXY TCP4 203.0.113.9 127.0.0.1 567 " + port, headers.poll(5, TimeUnit.SECONDS));
            proxy.get("/", "X-Forwarded-For: 2001:db8::9");
            assertEquals("PROXY TCP6 2001:db8:0:0:0:0:0:9 0:0:0:0:0:ffff:7f00:1 0 " + port,
                    headers.poll(5, TimeUnit.SECONDS));
            proxy.get("/");
            assertEquals("PROXY TCP4 127.0.0.1 127.0.0.1 " + proxy.socket().getLocalPort() + " " + port,
                    headers.poll(5, TimeUnit.SECONDS));
        }
    }
}
