package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every shipped example of HTTP does what it says. */
class HttpExamplesTest {

    /** Answers each request with the server's name, "ok" and the head as it came; an upgrade with an echo. */
    private static final Conversation ANSWER_REQUESTS = (name, client) -> {
        BufferedReader in = reader(client);
        for (String head = readHead(in); head != null; head = readHead(in)) {
            boolean upgrades = head.toLowerCase(Locale.ROOT).contains("\nupgrade: websocket\n");
            String body = upgrades ? "" : name + " ok\n" + head;
            write(client, upgrades
                    ? "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nServer: secret\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            for (String line = upgrades ? in.readLine() : null; line != null; line = in.readLine()) {
                write(client, name + " " + line + "\n");
            }
        }
    };

    private static final String RATE_LIMITS = "rate-limits.yaml";

    static final Predicate<String> IS_OF_HTTP = name -> name.startsWith("http") || name.equals(RATE_LIMITS);

    @TempDir
    private Path directory;

    @Test
    void hasATestForEachExample() throws Exception {
        assertEquals(List.of("http-behind-cdn.yaml", "http-canary.yaml", "http-routing.yaml", "http-sticky.yaml",
                "http-websocket.yaml", "http.yaml", RATE_LIMITS), LoopbackExample.names(IS_OF_HTTP));
    }

    @Test
    void takesTurns() throws Exception {
        try (LoopbackExample example = example("http.yaml"); Sluice sluice = example.launch()) {
            InetSocketAddress web = sluice.addresses("web").getFirst();
            assertEquals(Set.of("web1", "web2"), new TreeSet<>(List.of(server(get(web, "h", "/")),
                    server(get(web, "h", "/")))));
        }
    }

    @Test
    void routes() throws Exception {
        try (LoopbackExample example = example("http-routing.yaml"); Sluice sluice = example.launch()) {
            InetSocketAddress web = sluice.addresses("web").getFirst();
            String order = get(web, "shop.example.com", "/api/orders/1?q", "X-Debug: 1");
            assertTrue(server(order).startsWith("orders"), order);
            assertTrue(order.contains("\nGET /orders/1?q HTTP/1.1\n"), order);
            assertTrue(order.contains("\nX-Env: prod\n"), order);
            assertFalse(order.contains("X-Debug") || order.contains("secret"), order);
            String cart = get(web, "api.example.com", "/api/carts/1");
            assertTrue(server(cart).startsWith("orders") && cart.contains("\nGET /carts/1 HTTP/1.1\n"), cart);
            assertEquals("admin1", server(get(web, "shop.example.com", "/admin")));
            String large = "Content-Length: 1073741824";
            assertEquals("admin1", server(get(web, "shop.example.com", "/admin/catalogue/7", large)));
            assertTrue(get(web, "shop.example.com", "/admin", large).startsWith("HTTP/1.1 413 "));
            String tenant = server(get(web, "shop.example.com", "/", "X-Tenant: acme"));
            assertTrue(tenant.startsWith("shop"), tenant);
            assertEquals(tenant, server(get(web, "shop.example.com", "/x", "X-Tenant: acme")));
            String elsewhere = get(web, "old.example.com", "/a/b?c");
            assertTrue(elsewhere.startsWith("HTTP/1.1 308 "), elsewhere);
            assertTrue(elsewhere.contains("\nLocation: https://shop.example.com/a/b?c\n"), elsewhere);
            String renamed = get(web, "www.example.net", "/store/a?b");
            assertTrue(renamed.contains("\nLocation: https://shop.example.com/a?b\n"), renamed);
            assertTrue(get(web, "example.com", "/robots.txt").endsWith("User-agent: *\nDisallow: /\n"));
            assertTrue(get(web, "example.com", "/").startsWith("HTTP/1.1 404 "));
        }
    }

    @Test
    void knowsTheClientsBehindACdn() throws Exception {
        try (LoopbackExample example = example("http-behind-cdn.yaml");
             Sluice sluice = example.launch()) {
            InetSocketAddress web = sluice.addresses("web").getFirst();
            assertTrue(server(get(web, "h", "/admin", "X-Forwarded-For: 198.51.100.7")).startsWith("web"));
            String refused = get(web, "h", "/admin", "X-Forwarded-For: 198.51.100.7, 203.0.113.9");
            assertTrue(refused.startsWith("HTTP/1.1 403 "), refused);
            Set<String> servers = new TreeSet<>();
            for (int i = 0; i < 20; i++) {
                String client = "X-Forwarded-For: 203.0.113." + i + ", 127.0.0.9";
                String server = server(get(web, "h", "/", client));
                String answer = get(web, "h", "/", client);
                assertEquals(server, server(answer));
                assertTrue(answer.contains("\nX-Real-IP: 203.0.113." + i + "\n"), answer);
                servers.add(server);
            }
            assertEquals(Set.of("web1", "web2"), servers);
        }
    }

    @Test
    void limitsHowOftenClientsCome() throws Exception {
        try (LoopbackExample example = example("rate-limits.yaml"); Sluice sluice = example.launch()) {
            InetSocketAddress web = sluice.addresses("web").getFirst();
            try (HttpPeer client = HttpPeer.to(web); HttpPeer db = HttpPeer.to(sluice.addresses("db").getFirst())) {
                int served = 0;
                for (int i = 0; i < 12; i++) {
                    client.send("POST /login HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
                    served += client.response().status() == 200 ? 1 : 0;
                }
                assertEquals(5, served);
                assertEquals(200, client.get("/login").status());
                assertEquals(200, client.get("/search").status());
                assertEquals(200, client.get("/api/x", "X-Api-Key: 1").status());
                assertTrue(db.get("/").body().startsWith("db1 ok"));
            }
        }
    }

    @Test
    void keepsAUserOnASideOfTheCanary() throws Exception {
        try (LoopbackExample example = example("http-canary.yaml"); Sluice sluice = example.launch()) {
            InetSocketAddress web = sluice.addresses("web").getFirst();
            assertEquals("new1", server(get(web, "h", "/", "X-Beta: yes")));
            int canaries = 0;
            for (int user = 0; user < 1000; user++) {
                boolean canary = isCanary(web, user);
                assertEquals(canary, isCanary(web, user));
                canaries += canary ? 1 : 0;
            }
            assertTrue(canaries > 0 && canaries < 20, canaries + " of 1000 instead of about 5");
        }
    }

    private static boolean isCanary(InetSocketAddress web, int user) throws IOException {
        return server(get(web, "h", "/", "Cookie: uid=" + user)).equals("new1");
    }

    @Test
    void keepsAClientOnItsServerByACookie() throws Exception {
        try (LoopbackExample example = example("http-sticky.yaml"); Sluice sluice = example.launch()) {
            InetSocketAddress app = sluice.addresses("app").getFirst();
            String first = get(app, "h", "/");
            String cookie = first.split("\nSet-Cookie: ")[1].split(";")[0];
            assertTrue(cookie.startsWith("SRV="), cookie);
            for (int i = 0; i < 10; i++) {
                assertEquals(server(first), server(get(app, "h", "/", "Cookie: " + cookie)));
            }
        }
    }

    @Test
    void passesAWebSocketThrough() throws Exception {
        try (LoopbackExample example = example("http-websocket.yaml");
             Sluice sluice = example.launch()) {
            InetSocketAddress web = sluice.addresses("web").getFirst();
            assertTrue(server(get(web, "h", "/chatter")).startsWith("web"));
            try (Socket client = new Socket(web.getAddress(), web.getPort())) {
                write(client, "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                BufferedReader in = reader(client);
                assertTrue(readHead(in).startsWith("HTTP/1.1 101 "));
                write(client, "hello\n");
                String echo = in.readLine();
                assertTrue(echo.startsWith("chat") && echo.endsWith(" hello"), echo);
            }
        }
    }

    private LoopbackExample example(String name) throws Exception {
        return LoopbackExample.start(name, ANSWER_REQUESTS, directory);
    }

    /** The whole answer, with line feeds for the ends of lines. */
    private static String get(InetSocketAddress address, String host, String target, String... fields)
            throws IOException {
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            write(client, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                    + String.join("", List.of(fields).stream().map(field -> field + "\r\n").toList()) + "\r\n");
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertNotEquals("", answer);
            return answer.replace("\r\n", "\n");
        }
    }

    /** The name of the server that gave an answer. */
    private static String server(String answer) {
        return answer.substring(answer.indexOf("\n\n") + 2).split(" ")[0];
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** Lines up to the empty one, each with a line feed; null at the end of the stream. */
    private static String readHead(BufferedReader in) throws IOException {
        StringBuilder head = new StringBuilder();
        String line = in.readLine();
        for (; line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        return line == null ? null : head.toString();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
