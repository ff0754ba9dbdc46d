package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.sluice.core.stats.Allocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In steady state an exchange over kept connections makes no garbage on the worker's thread, whatever it takes. */
class HttpAllocationTest {

    private static final String GET = get();
    private static final String OK = HttpOrigin.ok("x".repeat(128));
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";
    private static final int END_BYTES = 12;
    private static final int EXCHANGES = 2_000;
    /** Less than a byte each. An exchange that is slower than any before takes an octave more of some distributions. */
    private static final long MOST_BYTES = EXCHANGES - 1;
    /** The engine's results, of some 40 bytes: up to three for each message, of which the compiler leaves out most. */
    private static final long MOST_BYTES_OF_TLS = 320L * EXCHANGES;
    /** Until the compiler has done its work, native calls make garbage: when that is depends on the machine. */
    private static final int MOST_ROUNDS = 50;

    @TempDir
    private Path directory;

    static Stream<Arguments> features() {
        return Stream.of(
                feature("nothing", "pool: pool", "", GET, OK),
                feature("conditions", """
                        routes: [{ match: { path: /a/b/c }, pool: pool }, { match: { host: [a.test, "*.test"],
                          path: [/x/**, /a/*], path-suffix: [c, b], method: [HEAD, GET],
                          header: { Accept: "*/*" }, query: { c: d }, cookie: { uid: "1" }, client: 127.0.0.0/8 },
                          pool: pool }]
                        """, "", get("Cookie: a=b; uid=1"), OK),
                feature("rewrite and edits", """
                        routes: [{ match: { path: /a/** }, pool: pool, rewrite: { strip-prefix: /a, add-prefix: /b },
                          request-headers: { set: { Host: inner }, remove: [X-Debug], add: { X-Two: b } },
                          response-headers: { set: { Server: sluice }, remove: [Date], add: { X-Two: b } } }]
                        """, "", get("X-Debug: 1", "X_Debug: 2"), OK),
                feature("edits longer than a read's margin",
                        "routes: [{ pool: pool, response-headers: { set: { X-Long: " + "y".repeat(1500) + " } } }]", "",
                        GET, OK),
                feature("limits of a route", """
                        routes: [{ pool: pool, limits: { body-bytes: 1KiB }, timeouts: { response: 1m, server: 1m } }]
                        """, "", GET, OK),
                feature("forwarded, real IP and via",
                        "pool: pool, forwarded: { forwarded: true, x-real-ip: true, via: me }", "", GET, OK),
                feature("trusted proxy", "pool: pool, forwarded: { forwarded: true, trusted: 127.0.0.0/8 }", "",
                        get("X-Forwarded-For: 192.0.2.1", "X-Forwarded-For: 192.0.2.2", "Forwarded: for=192.0.2.1"),
                        OK),
                feature("named client",
                        "pool: pool, forwarded: { trusted: 127.0.0.0/8, client: x-forwarded-for, x-real-ip: true }",
                        "balance: ip-hash",
                        get("X-Forwarded-For: [2001:db8::1]:80", "X-Forwarded-For: 203.0.113.9, 127.0.0.1:567"), OK),
                feature("random split", "routes: [{ split: [{ pool: pool, weight: 50 }, { pool: pool, weight: 50 }] }]",
                        "", GET, OK),
                feature("split by cookie", """
                        routes: [{ split: [{ pool: pool, weight: 50 }, { pool: pool, weight: 50 }],
                          split-by: { cookie: uid } }]
                        """, "", get("Cookie: a=b; uid=1"), OK),
                feature("hash by query", "pool: pool", "balance: hash, hash-by: { query: c }", GET, OK),
                feature("random of two", "pool: pool", "balance: random-of-two", GET, OK),
                feature("sticky, new client", "pool: pool", "sticky: { cookie: SRV, secret: s, secure: true }",
                        get("Cookie: SRV=other"), OK),
                feature("rate limit", "routes: [{ pool: pool, rate-limit: { requests: 1000000/s } }]", "", GET, OK),
                feature("rate limit of a route",
                        "routes: [{ pool: pool, rate-limit: { requests: 1000000/s, by: route } }]", "", GET, OK),
                feature("rate limit by header",
                        "routes: [{ pool: pool, rate-limit: { requests: 1000000/s, by: { header: Accept } } }]", "",
                        GET, OK),
                feature("rate limit that only counts",
                        "routes: [{ pool: pool, rate-limit: { requests: 1/h, by: path, dry-run: true } }]", "", GET,
                        OK),
                feature("bodies", "pool: pool", "",
                        "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 128\r\n\r\n" + "x".repeat(128), OK),
                feature("chunks and trailers", "pool: pool", "", "POST / HTTP/1.1\r\nHost: a.test\r\n" + CHUNKED,
                        "HTTP/1.1 200 OK\r\n" + CHUNKED),
                feature("HEAD", "pool: pool", "", "HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 128\r\n\r\n"),
                feature("304", "pool: pool", "", GET, "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"),
                feature("HTTP/1.0", "pool: pool", "", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", OK));
    }

    private static Arguments feature(String name, String listenerKeys, String poolKeys, String request,
                                     String response) {
        return argumentSet(name, listenerKeys, poolKeys, bytes(request), bytes(response));
    }

    @ParameterizedTest
    @MethodSource("features")
    void allocatesNothing(String listenerKeys, String poolKeys, byte[] request, byte[] response) throws Exception {
        Conversation answering = answering(request, response);
        try (NamedServer one = NamedServer.start("one", answering);
             NamedServer other = NamedServer.start("other", answering);
             Sluice sluice = launch(listenerKeys, poolKeys, one, other); HttpPeer client = HttpPeer.to(sluice)) {
            assertAllocates(MOST_BYTES, sluice, client, request, response);
        }
    }

    @Test
    void allocatesNothingForAStickyClient() throws Exception {
        Conversation answering = answering(bytes(GET), bytes(OK));
        try (NamedServer one = NamedServer.start("one", answering);
             NamedServer other = NamedServer.start("other", answering);
             Sluice sluice = launch("pool: pool", "sticky: { cookie: SRV }", one, other);
             HttpPeer client = HttpPeer.to(sluice)) {
            String cookie = client.get("/").field("Set-Cookie").split(";")[0];
            assertAllocates(MOST_BYTES, sluice, client, bytes(get("Cookie: a=b; " + cookie)), bytes(OK));
        }
    }

    @Test
    void allocatesLittleForTls() throws Exception {
        String listenerKeys = """
                pool: pool, tls: { certificates: [{ chain: %1$s/shop-ec.pem, key: %1$s/shop-ec.key }],
                  client-auth: { ca: %1$s/clients.pem, headers: { X-Subject: subject, X-San: san } } }
                """.formatted(ShippedTls.CERTIFICATES);
        String poolKeys = """
                tls: { ca: %1$s/test-ca.pem, server-name: shop.example.com,
                  client-certificate: { chain: %1$s/me.pem, key: %1$s/me.key } }
                """.formatted(ShippedTls.CERTIFICATES);
        Conversation answering = answering(bytes(GET), bytes(OK));
        try (NamedServer server = NamedServer.start("one", ShippedTls.showing("shop-ec").over(answering));
             Sluice sluice = launch(listenerKeys, poolKeys, server);
             HttpPeer client = HttpPeer.on(ShippedTls.showing("client")
                     .connect(InProcess.address(sluice), "shop.example.com"))) {
            assertAllocates(MOST_BYTES_OF_TLS, sluice, client, bytes(GET), bytes(OK));
        }
    }

    private Sluice launch(String listenerKeys, String poolKeys, NamedServer... servers) throws Exception {
        return InProcess.launch("""
                workers: 1
                listeners:
                  - { name: in, bind: 127.0.0.1:0, protocol: http, access-log: { file: access.log }, %s }
                pools: { pool: { servers: %s%s } }
                """.formatted(listenerKeys, NamedServer.entries(servers), poolKeys.isEmpty() ? "" : ", " + poolKeys),
                directory);
    }

    private static void assertAllocates(long most, Sluice sluice, HttpPeer client, byte[] request, byte[] response)
            throws IOException {
        Thread worker = sluice.workers().getFirst().thread();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && least > most; round++) {
            long before = Allocation.of(worker);
            exchange(client, request, response);
            least = Math.min(least, Allocation.of(worker) - before);
        }
        assertTrue(least <= most, least + " bytes in " + EXCHANGES + " exchanges");
    }

    private static void exchange(HttpPeer client, byte[] request, byte[] response) throws IOException {
        byte[] end = end(response);
        byte[] received = new byte[4096];
        for (int i = 0; i < EXCHANGES; i++) {
            client.send(request);
            if (!readTo(end, client.input(), received)) {
                throw new IOException("ended early");
            }
        }
    }

    /** What a server does that gets such requests. */
    private static Conversation answering(byte[] request, byte[] response) {
        byte[] end = end(request);
        return (_, socket) -> {
            socket.setTcpNoDelay(true);
            byte[] received = new byte[4096];
            while (readTo(end, socket.getInputStream(), received)) {
                socket.getOutputStream().write(response);
            }
        };
    }

    /** False at the end of the connection. */
    private static boolean readTo(byte[] end, InputStream in, byte[] received) throws IOException {
        int length = 0;
        while (length < end.length || !Arrays.equals(received, length - end.length, length, end, 0, end.length)) {
            int count = in.read(received, length, received.length - length);
            if (count < 0) {
                return false;
            }
            length += count;
        }
        return true;
    }

    /** The last bytes of a body, which Sluice does not change; without a body, the empty line. */
    private static byte[] end(byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        return bytes(text.substring(Math.max(text.indexOf("\r\n\r\n"), text.length() - END_BYTES)));
    }

    /** The request, with further fields. */
    private static String get(String... fields) {
        return "GET /a/b?c=d HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\n"
                + Stream.of(fields).map(field -> field + "\r\n").collect(Collectors.joining()) + "\r\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
