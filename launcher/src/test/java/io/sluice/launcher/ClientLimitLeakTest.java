package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import io.sluice.core.worker.Worker;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However connections end, their clients may have as many afterwards as before. */
class ClientLimitLeakTest {

    private static final int MOST = 5;
    private static final int THREADS = 4;
    private static final int BATCHES = 600;
    private static final List<String> LISTENERS = List.of("tcp", "proxied", "tls", "http", "no-server");
    private static final String HTTP_REQUEST = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    private NamedServer server;
    private HttpOrigin origin;
    private ReloadFixture fixture;

    @BeforeEach
    void start() throws Exception {
        server = NamedServer.start("server");
        origin = HttpOrigin.start("origin");
        fixture = ReloadFixture.launch(yaml(MOST, "none", "20ms"));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
        origin.close();
        server.close();
    }

    @Test
    void countsNothingOnceTenThousandConnectionsHaveEnded() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                boolean disturbs = i == 0;
                runs.add(executor.submit(() -> {
                    come(random, disturbs);
                    return null;
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
        // The fifth listener has a server at last, so that its clients can see that they are let in.
        assertTrue(fixture.reload(yaml(MOST, "pool", "20s")).isPresent());
        await().until(() -> fixture.sluice().connections() == 0);
        for (String listener : LISTENERS) {
            assertAdmitsAsManyAsEver(listener, "127.0.0.1");
            assertAdmitsAsManyAsEver(listener, "127.0.0.2");
        }
        assertTrue(fixture.sluice().stats().sum(Counter.CONNECTIONS_ACCEPTED) >= 10_000);
        assertTrue(fixture.sluice().stats().sum(Counter.CONNECTIONS_OVER_CLIENT_LIMIT) >= 100);
        assertTrue(fixture.sluice().stats().sum(Counter.CONNECTIONS_HANDED_OVER) >= 10);
    }

    /** Resets whoever is there, lowers the limit and raises it, replaces all services, and restarts the server. */
    private void disturb() throws Exception {
        fixture.sluice().workers().forEach(Worker::askToKillSessions);
        fixture.reload(yaml(1, "none", "15ms"));
        fixture.reload(yaml(1000, "none", "25ms"));
        fixture.reload(yaml(MOST, "none", "20ms"));
        server.kill();
        server.comeBack();
    }

    private void come(Random random, boolean disturbs) throws Exception {
        for (int i = 0; i < BATCHES; i++) {
            if (disturbs && i % 40 == 39) {
                disturb();
            }
            String listener = LISTENERS.get(random.nextInt(LISTENERS.size()));
            List<TestClient> batch = new ArrayList<>();
            for (int size = 1 + random.nextInt(9); size > 0; size--) {
                batch.add(TestClient.from(random.nextBoolean() ? "127.0.0.1" : "127.0.0.2", fixture.address(listener)));
            }
            for (TestClient client : batch) {
                try (client) {
                    leave(client, listener, random.nextInt(8));
                } catch (SocketException e) {
                    // Refused, or reset by what disturbs.
                }
            }
        }
    }

    private static void leave(TestClient client, String listener, int way) throws IOException {
        switch (way) {
            case 0 -> client.leave();
            case 1 -> client.reset();
            case 2 -> client.send("PRO");
            case 3 -> client.send("no header, no handshake, no request\n\n");
            case 4 -> {
                client.send("GET / HT");
                client.reset();
            }
            case 5 -> {
                speak(client, listener, "127.0.0.1");
                client.reset();
            }
            case 6 -> {
                speak(client, listener, "127.0.0.2");
                client.finish();
                client.awaitEndByReset();
            }
            default -> speak(client, listener, "127.0.0.1");
        }
    }

    /** Whether there was an answer. */
    private static boolean speak(TestClient client, String listener, String name) throws IOException {
        String answer = client.ask(switch (listener) {
            case "proxied" -> "PROXY TCP4 " + name + " 192.0.2.1 1 2\r\nhello";
            case "http" -> HTTP_REQUEST;
            default -> "hello";
        });
        return answer != null && (answer.equals("server hello") || answer.startsWith("HTTP/1.1 200"));
    }

    private void assertAdmitsAsManyAsEver(String listener, String from) throws Exception {
        List<TestClient> admitted = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            TestClient client = connect(listener, from);
            admitted.add(client);
            assertTrue(speak(client, listener, from), listener);
        }
        try (TestClient tooMany = TestClient.from(from, fixture.address(listener))) {
            if (listener.equals("proxied")) {
                tooMany.send("PROXY TCP4 " + from + " 192.0.2.1 1 2\r\n");
            }
            assertTrue(tooMany.awaitEndByReset(), listener);
        }
        for (TestClient client : admitted) {
            client.leave();
        }
    }

    private TestClient connect(String listener, String from) throws Exception {
        TestClient client = TestClient.from(from, fixture.address(listener));
        return listener.equals("tls")
                ? TestClient.on(ShippedTls.anonymous().over(client.socket(), "shop.example.com")) : client;
    }

    private String yaml(int mostPerClient, String poolOfTheLast, String timeout) {
        String keys = "session-log: off, max-connections-per-client: " + mostPerClient;
        return """
                workers: 2
                listeners:
                  - { name: tcp, bind: 127.0.0.1:0, protocol: tcp, pool: pool, %1$s }
                  - { name: proxied, bind: 127.0.0.1:0, protocol: tcp, pool: pool, %1$s,
                      proxy-protocol: { accept: required, trusted: [127.0.0.0/8], timeout: %7$s } }
                  - { name: tls, bind: 127.0.0.1:0, protocol: tcp, pool: pool, %1$s,
                      tls: { handshake-timeout: %7$s, certificates: [{ chain: %2$s.pem, key: %2$s.key }] } }
                  - { name: http, bind: 127.0.0.1:0, protocol: http, pool: web, access-log: off,
                      max-connections-per-client: %3$d }
                  - { name: no-server, bind: 127.0.0.1:0, protocol: tcp, pool: %4$s, %1$s }
                pools:
                  pool: { servers: [%5$s], health-check: off, passive: off }
                  web: { servers: %6$s }
                  none: { servers: [{ name: none, address: "127.0.0.1:1" }], health-check: off }
                """.formatted(keys, ShippedTls.CERTIFICATES.resolve("shop-ec").toAbsolutePath(), mostPerClient,
                poolOfTheLast, server.entry("max-connections: 20"), HttpOrigin.entries(origin), timeout);
    }
}
