package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Reload after reload while clients keep Sluice busy: none of them notices. {@code -Dsluice.reloads=200} has it go on
 * for longer, at some 200 reloads a minute.
 */
class ReloadUnderLoadTest {

    private static final int RELOADS = Integer.getInteger("sluice.reloads", 30);
    /** Of each kind of client, between one reload and the next. */
    private static final long ANSWERS_BETWEEN = 100;
    private static final int CLIENTS_OF_A_KIND = 6;
    private static final String CHECK = ", health-check: { type: tcp, interval: %s, timeout: 10s }";

    private final List<HttpOrigin> origins = new ArrayList<>();
    private final List<NamedServer> servers = new ArrayList<>();
    private final BusyClients clients = new BusyClients();
    private int port;
    private ReloadFixture fixture;

    @BeforeEach
    void start() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            origins.add(HttpOrigin.start(name));
            servers.add(NamedServer.start(name));
        }
        port = LoopbackPorts.free();
        fixture = ReloadFixture.launch(config(0));
    }

    @AfterEach
    void stop() throws Exception {
        clients.close();
        fixture.close();
        for (HttpOrigin origin : origins) {
            origin.close();
        }
        for (NamedServer server : servers) {
            server.close();
        }
    }

    @Test
    void noClientNotices() throws Exception {
        InetSocketAddress web = fixture.address("web");
        InetSocketAddress db = new InetSocketAddress("127.0.0.1", port);
        for (int i = 0; i < CLIENTS_OF_A_KIND; i++) {
            HttpPeer kept = HttpPeer.to(web);
            clients.add("kept HTTP", () -> answersHttp(kept));
            clients.add("fresh HTTP", () -> {
                try (HttpPeer fresh = HttpPeer.to(web)) {
                    return answersHttp(fresh);
                }
            });
            TestClient session = TestClient.to(db);
            String name = session.askForName();
            clients.add("kept TCP", () -> session.askForName().equals(name));
            clients.add("fresh TCP", () -> {
                try (TestClient fresh = TestClient.to(db)) {
                    return !fresh.askForName().isEmpty();
                }
            });
        }
        for (int reload = 1; reload <= RELOADS && !clients.haveFailed(); reload++) {
            fixture.reload(config(reload));
            clients.awaitAnswers(ANSWERS_BETWEEN);
        }
        assertEquals(List.of(), clients.failures());
        assertEquals(1 + RELOADS, fixture.sluice().control().generations().getLast().number());
        assertEquals(web, fixture.address("web"));
    }

    private static boolean answersHttp(HttpPeer client) throws IOException {
        HttpMessage response = client.get("/x");
        return response.status() == 200 && response.body().endsWith("/x");
    }

    /** Each one differs from the one before in several ways, and they come round again. */
    private String config(int number) {
        return switch (number % 5) {
            case 0 -> config("", "pool: web", "", all(), CHECK.formatted("1h"));
            case 1 -> config(extraListener(), "routes: [{ match: { path: /x }, pool: web }, { respond: { body: y } }]",
                    ", max-connections: 500", some(1, 2, ""), CHECK.formatted("20ms"));
            case 2 -> config("", "routes: [{ pool: web, response-headers: { set: { X-New: yes } } }]",
                    ", timeouts: { client: 1m }", some(0, 2, "weight: 7"), ", balance: least-connections");
            case 3 -> config(extraListener(), "pool: web, limits: { requests-per-connection: 1000000 }", "",
                    some(0, 1, "max-connections: 400"), CHECK.formatted("50ms") + ", balance: random-of-two");
            default -> config("", "pool: web, forwarded: { trusted: [127.0.0.0/8] }", ", allow: [127.0.0.0/8]",
                    some(2, 0, "backup: true"), "");
        };
    }

    private static String extraListener() {
        return "  - { name: extra, bind: 127.0.0.1:0, protocol: tcp, pool: db, session-log: off }\n";
    }

    private String config(String extra, String web, String db, List<String> entries, String keys) {
        return """
                workers: 2
                listeners:
                  - { name: web, bind: 127.0.0.1:0, protocol: http, access-log: off, %s }
                  - { name: %s, bind: 127.0.0.1:%d, protocol: tcp, pool: db, session-log: off%s }
                %spools:
                  web: { servers: [%s]%s }
                  db: { servers: [%s]%s }
                """.formatted(web, extra.isEmpty() ? "db" : "sql", port, db, extra,
                entries.get(0), keys, entries.get(1), keys);
    }

    private List<String> all() {
        return List.of(origins.get(0).entry("") + ", " + origins.get(1).entry("") + ", " + origins.get(2).entry(""),
                servers.get(0).entry("") + ", " + servers.get(1).entry("") + ", " + servers.get(2).entry(""));
    }

    /** Two of the servers, the second one with further keys. */
    private List<String> some(int first, int second, String keys) {
        return List.of(origins.get(first).entry("") + ", " + origins.get(second).entry(keys),
                servers.get(first).entry("") + ", " + servers.get(second).entry(keys));
    }
}
