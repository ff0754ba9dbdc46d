package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Clients that connect more often than their listener allows are reset. At one an hour, nothing is due in a test. */
class ConnectionRateTest {

    private static final String TWO = "rate-limit: { connections: 1/h, burst: 2 }";

    @Test
    void resetsWhoConnectsTooOften() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = tcp(server, TWO)) {
            TestClient.assertServed("127.0.0.2", sluice);
            TestClient.assertServed("127.0.0.2", sluice);
            TestClient.assertReset("127.0.0.2", sluice);
            TestClient.assertReset("127.0.0.2", sluice);
            TestClient.assertServed("127.0.0.3", sluice);
            await().until(() -> sluice.stats().sum(Counter.CONNECTIONS_RATE_LIMITED) == 2);
            assertEquals(Map.of("connection-rate", 2L),
                    sluice.observer().current().listeners().getFirst().refused());
            await().until(() -> sluice.connections() == 0);
        }
    }

    @Test
    void doesNotCountWhoIsDenied() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = tcp(server, TWO + ", deny: 127.0.0.2")) {
            TestClient.assertReset("127.0.0.2", sluice);
            TestClient.assertReset("127.0.0.2", sluice);
            TestClient.assertReset("127.0.0.2", sluice);
            await().until(() -> sluice.stats().sum(Counter.CONNECTIONS_DENIED) == 3);
            assertEquals(0, sluice.stats().sum(Counter.CONNECTIONS_RATE_LIMITED));
        }
    }

    @Test
    void servesInADryRunWhomItCounts() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = tcp(server, "rate-limit: { connections: 1/h, burst: 1, dry-run: true }")) {
            TestClient.assertServed("127.0.0.2", sluice);
            TestClient.assertServed("127.0.0.2", sluice);
            assertEquals(1, sluice.stats().sum(Counter.CONNECTIONS_RATE_LIMITED));
            assertEquals(Map.of(), sluice.observer().current().listeners().getFirst().refused());
        }
    }

    @Test
    void limitsTheClientThatAProxyProtocolHeaderNames() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = tcp(server, TWO + ", proxy-protocol: { accept: required, trusted: 127.0.0.0/8 }")) {
            for (int i = 0; i < 2; i++) {
                assertTrue(isServedThroughProxy("192.0.2.1", sluice));
                assertTrue(isServedThroughProxy("192.0.2.2", sluice));
            }
            assertFalse(isServedThroughProxy("192.0.2.1", sluice));
        }
    }

    private static boolean isServedThroughProxy(String client, Sluice sluice) throws IOException {
        try (TestClient proxy = TestClient.to(InProcess.address(sluice))) {
            proxy.send("PROXY TCP4 " + client + " 198.51.100.1 4711 25\r\n");
            return isServed(proxy);
        }
    }

    @Test
    void resetsHttpClientsBeforeTheyCanAsk() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, rate-limit: { connections: 1/h, burst: 1 }",
                     HttpOrigin.entries(origin), "");
             HttpPeer first = HttpPeer.to(sluice)) {
            assertEquals(200, first.get("/").status());
            TestClient.assertReset("127.0.0.1", sluice);
            assertEquals(200, first.get("/").status(), "requests on a connection do not count");
            assertEquals(1, sluice.stats().sum(Counter.CONNECTIONS_RATE_LIMITED));
        }
    }

    @Test
    void countsOverAllWorkersTogether() throws Exception {
        int threads = 8;
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = tcp(server, "rate-limit: { connections: 1/h, burst: 100 }");
             ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                work.add(() -> served(sluice, 25));
            }
            int served = 0;
            for (Future<Integer> one : executor.invokeAll(work)) {
                served += one.get();
            }
            assertEquals(100, served);
            assertTrue(sluice.workers().stream()
                    .filter(worker -> worker.stats().get(Counter.CONNECTIONS_ACCEPTED) > 0).count() > 1);
        }
    }

    private static int served(Sluice sluice, int times) throws IOException {
        int served = 0;
        for (int i = 0; i < times; i++) {
            try (TestClient client = TestClient.to(InProcess.address(sluice))) {
                served += isServed(client) ? 1 : 0;
            }
        }
        return served;
    }

    /** False if it is reset. */
    private static boolean isServed(TestClient client) throws IOException {
        try {
            return client.askForName().equals("server");
        } catch (SocketException e) {
            return false;
        }
    }

    private static Sluice tcp(NamedServer server, String keys) throws Exception {
        return InProcess.launch("""
                workers: 4
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off, %s }]
                pools: { pool: { servers: %s } }
                """.formatted(keys, NamedServer.entries(server)));
    }
}
