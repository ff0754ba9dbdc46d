package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.launcher.observe.Readings;
import io.sluice.launcher.observe.Readings.ListenerReading;
import io.sluice.launcher.observe.Readings.PoolReading;
import io.sluice.launcher.observe.Readings.RouteReading;
import io.sluice.launcher.observe.Readings.ServerReading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator is told is what has happened. */
class ObserverTest {

    @Test
    void tellsOfEachTcpSession() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = InProcess.launch("""
                workers: 2
                listeners:
                  - { name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off, max-connections: 50 }
                pools: { pool: { servers: %s } }
                """.formatted(NamedServer.entries(server)))) {
            try (TestClient staying = TestClient.to(InProcess.address(sluice))) {
                assertEquals("server", staying.askForName());
                for (int i = 0; i < 4; i++) {
                    try (TestClient leaving = TestClient.to(InProcess.address(sluice))) {
                        assertEquals("server", leaving.askForName());
                    }
                }
                await().until(() -> sluice.connections() == 1);
                await().untilAsserted(() -> assertEquals(4, listener(sluice).latency().total().sinceStart().count()));

                ListenerReading listener = listener(sluice);
                assertEquals(1, listener.connections().now());
                assertTrue(listener.connections().peak() >= 2);
                assertEquals(5, listener.connections().total());
                assertEquals(50, listener.connections().limit());
                assertEquals("tcp", listener.protocol());
                assertNull(listener.requests());
                assertEquals(Map.of(), listener.refused());
                ServerReading of = server(sluice);
                assertEquals(1, of.connections().now());
                assertEquals(5, of.connections().total());
                assertEquals(5, of.latency().connect().sinceStart().count());
                assertEquals(5, of.latency().firstByte().lastMinute().count());
                assertEquals(4, of.latency().total().lastMinute().count());
                assertEquals(listener.bytes().received(), of.bytes().sent());
                assertEquals(listener.bytes().sent(), of.bytes().received());
                assertEquals(5 * "server hello\n".length(), of.bytes().received());
                assertEquals("up", of.state());
                assertEquals("up", of.lastChange().to());
                assertNull(of.requests());
            }
        }
    }

    @Test
    void tellsOfEachHttpRequestAndItsRoute() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("origin");
             Sluice sluice = HttpSluice.launch("routes: [{ name: api, match: { path: /api/* }, pool: pool },"
                     + " { name: gone, match: { path: /gone }, respond: { status: 410 } }]",
                     HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.get("/api/x").status());
            }
            assertEquals(410, client.get("/gone").status());
            assertEquals(404, client.get("/other").status());

            await().untilAsserted(() -> assertEquals(5, listener(sluice).requests().total()));
            ListenerReading listener = listener(sluice);
            assertEquals(Map.of("2xx", 3L, "4xx", 2L), listener.requests().byClass());
            assertEquals(Map.of("no-route", 1L), listener.refused());
            assertEquals(5, listener.latency().total().lastMinute().count());
            assertEquals("api", listener.routes().getFirst().name());
            assertEquals(3, listener.routes().getFirst().requests());
            assertEquals(1, listener.routes().getLast().latency().total().sinceStart().count());
            ServerReading of = server(sluice);
            assertEquals(Map.of("2xx", 3L), of.requests().byClass());
            assertEquals(1, of.connections().total());
            assertEquals(1, of.connections().idle());
            assertEquals(1, of.latency().connect().sinceStart().count());
            assertEquals(3, of.latency().firstByte().sinceStart().count());
            assertEquals(3, of.latency().queue().sinceStart().count());
            assertTrue(of.latency().total().sinceStart().p50() > 0);
            assertEquals("http", pool(sluice).protocol());
        }
    }

    @Test
    void tellsWhoseFaultItWas() throws Exception {
        try (HttpOrigin bad = HttpOrigin.start("bad"); HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.before(bad, good); HttpPeer client = HttpPeer.to(sluice)) {
            bad.server().kill();
            for (int i = 0; i < 2; i++) {
                assertEquals(200, client.get("/").status());
            }
            client.send("GET / HTTP/1.1\r\nHost : test\r\n\r\n");
            assertEquals(400, client.response().status());

            await().untilAsserted(() -> assertEquals(3, listener(sluice).requests().total()));
            assertEquals(Map.of("space-before-colon", 1L), listener(sluice).refused());
            ServerReading failing = pool(sluice).servers().getFirst();
            assertEquals(Map.of("server-refused", failing.retries()), failing.errors());
            assertTrue(failing.retries() > 0);
            assertEquals(failing.retries(), pool(sluice).retries());
            assertEquals(Map.of(), pool(sluice).servers().getLast().errors());
            assertEquals(2, pool(sluice).servers().getLast().requests().total());
        }
    }

    @Test
    void tellsWhoWaits() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = InProcess.launch("""
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: [%s], max-queue: 1 } }
                """.formatted(server.entry("max-connections: 1")));
             TestClient holder = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", holder.askForName());
            try (TestClient waiting = TestClient.to(InProcess.address(sluice))) {
                await().until(() -> InProcess.queueLength(sluice) == 1);
                try (TestClient surplus = TestClient.to(InProcess.address(sluice))) {
                    assertTrue(surplus.awaitEndByReset());
                }
                await().untilAsserted(() -> assertEquals(1, pool(sluice).queue().full()));
                assertEquals(1, pool(sluice).queue().now());
                holder.leave();
                assertEquals("server", waiting.askForName());
            }
            await().untilAsserted(() -> assertEquals(1, server(sluice).queue()));
            assertEquals(0, pool(sluice).queue().now());
            assertEquals(1, pool(sluice).queue().peak());
            assertEquals(1, pool(sluice).queue().total());
            assertTrue(server(sluice).latency().queue().sinceStart().max() > 0);
            assertEquals(Map.of("proxy-queue-full", 1L), listener(sluice).refused());
        }
    }

    @Test
    void tellsOfHealthChecksAndOfEvents() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = InProcess.launch("""
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools:
                  pool:
                    health-check: { type: tcp, interval: 50ms, timeout: 10s, fall: 1 }
                    servers: %s
                """.formatted(NamedServer.entries(server)))) {
            assertEquals("ok", server(sluice).check().result());
            assertTrue(server(sluice).check().seconds() >= 0);
            server.stopListening();
            await().until(() -> server(sluice).lastChange() != null
                    && server(sluice).lastChange().to().equals("down"));

            ServerReading down = server(sluice);
            assertEquals("down", down.state());
            assertEquals("failed", down.check().result());
            assertEquals("up", down.lastChange().from());
            assertTrue(down.lastChange().reason().contains("health check failed"), down.lastChange().reason());
            assertEquals(0, pool(sluice).up());
            await().untilAsserted(() -> assertTrue(sluice.observer().current().events().stream()
                    .anyMatch(event -> event.level().equals("warn") && event.text().contains("is DOWN"))));
        }
    }

    @Test
    void tellsOfTheWhole() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = InProcess.launch("""
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: %s } }
                """.formatted(NamedServer.entries(server)))) {
            Readings readings = sluice.observer().current();
            assertEquals("serving", readings.state());
            assertEquals(1, readings.generation().number());
            assertEquals(2, readings.workers().size());
            assertFalse(readings.startedAt().isAfter(readings.at()));
            assertEquals("accepting", readings.listeners().getFirst().state());
            sluice.drain(Duration.ZERO);
            await().untilAsserted(() -> assertEquals("draining", sluice.observer().current().state()));
            assertEquals("stopped", listener(sluice).state());
        }
    }

    @Test
    void goesOnCountingWhatAReloadLeavesInPlace() throws Exception {
        String yaml = """
                workers: 1
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: http
                    access-log: off
                    routes: [{ name: stays, pool: pool, match: { path: /* } }%s]
                pools: { pool: { max-queue: %d, servers: [%s] } }
                """;
        try (HttpOrigin one = HttpOrigin.start("one"); HttpOrigin two = HttpOrigin.start("two");
             ReloadFixture reloaded = ReloadFixture.launch(yaml.formatted("", 5, one.entry("")));
             HttpPeer client = HttpPeer.to(reloaded.sluice())) {
            Sluice sluice = reloaded.sluice();
            assertEquals(200, client.get("/").status());
            await().untilAsserted(() -> assertEquals(1, listener(sluice).requests().total()));
            String comes = ", { name: comes, respond: { status: 204 }, match: { path: /comes } }";
            reloaded.reload(yaml.formatted(comes, 6, one.entry("") + ", " + two.entry("")));

            assertEquals(204, client.get("/comes").status());
            await().untilAsserted(() -> assertEquals(2, listener(sluice).requests().total()));
            assertEquals(2, sluice.observer().current().generation().number());
            assertEquals(2, listener(sluice).latency().total().lastMinute().count());
            assertEquals(List.of("stays", "comes"),
                    listener(sluice).routes().stream().map(RouteReading::name).toList());
            assertEquals(1, listener(sluice).routes().getFirst().requests());
            assertEquals(1, server(sluice).requests().total());
            assertEquals(1, server(sluice).connections().idle());
            assertEquals(0, pool(sluice).servers().getLast().requests().total());

            reloaded.reload(yaml.formatted("", 6, two.entry("")));
            assertEquals(List.of("two"), pool(sluice).servers().stream().map(ServerReading::name).toList());
            assertEquals(1, listener(sluice).routes().size());
        }
    }

    private static ListenerReading listener(Sluice sluice) {
        return sluice.observer().current().listeners().getFirst();
    }

    private static PoolReading pool(Sluice sluice) {
        return sluice.observer().current().pools().getFirst();
    }

    private static ServerReading server(Sluice sluice) {
        return pool(sluice).servers().getFirst();
    }
}
