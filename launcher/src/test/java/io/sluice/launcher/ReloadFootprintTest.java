package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process holds does not depend on how often its configuration was replaced. */
class ReloadFootprintTest {

    private static final int RELOADS = 1000;
    /** Enough that as many generations are remembered as ever will be. */
    private static final int FIRST_RELOADS = 20;
    /** Of the data path and the control plane; what the memory of generations holds is the same, too. */
    private static final List<String> COUNTED = List.of("io.sluice.core.", "io.sluice.l4.", "io.sluice.l7.",
            "io.sluice.launcher.control.", "io.sluice.config.SluiceConfig", "io.sluice.config.PoolConfig");

    /**
     * What depends on time, within bounds: what was timed, as last asked for; records of logs, of which there are as
     * many as were ever on their way at once.
     */
    private static final Set<String> TIMED = Set.of("io.sluice.core.stats.Distribution",
            "io.sluice.core.log.SessionRecord", "io.sluice.l7.log.AccessRecord");

    @TempDir
    private Path directory;

    @Test
    void isNoLargerAfterAThousandReloads() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             HttpOrigin origin = HttpOrigin.start("origin");
             ReloadFixture fixture = ReloadFixture.launch(config(0, server, origin), directory);
             TestClient session = TestClient.to(fixture.address("in"));
             HttpPeer kept = HttpPeer.to(fixture.address("web"))) {
            for (int i = 1; i <= FIRST_RELOADS; i++) {
                reload(i, fixture, server, origin, session, kept);
            }
            Footprint before = settled(fixture);
            for (int i = FIRST_RELOADS + 1; i <= RELOADS; i++) {
                reload(i, fixture, server, origin, session, kept);
            }
            await().untilAsserted(() -> assertEquals(Map.of(), Footprint.now().growthSince(before)));
        }
    }

    /** What the last reload has left to others, such as the closing of a log, is done. */
    private static Footprint settled(ReloadFixture fixture) {
        Footprint[] last = {Footprint.now()};
        await().until(() -> {
            Footprint now = Footprint.now();
            boolean same = now.equals(last[0]);
            last[0] = now;
            return same;
        });
        return last[0];
    }

    private static void reload(int number, ReloadFixture fixture, NamedServer server, HttpOrigin origin,
                               TestClient session, HttpPeer kept) throws Exception {
        fixture.reload(config(number, server, origin));
        assertEquals("server on", session.ask("on"));
        assertEquals("origin /", kept.get("/").body());
        try (TestClient client = TestClient.to(fixture.address("in"))) {
            assertEquals("server", client.askForName());
        }
    }

    /** All that is there comes and goes: listeners, pools, servers, routes, checks, logs. Two in turn. */
    private static String config(int number, NamedServer server, HttpOrigin origin) {
        boolean odd = number % 2 == 1;
        return """
                workers: 2
                listeners:
                  - { name: in, bind: 127.0.0.1:0, protocol: tcp, pool: db, session-log: { file: %s } }
                  - name: web
                    bind: 127.0.0.1:0
                    protocol: http
                    pool: web
                    access-log: { file: %s }
                    max-connections: %d
                  - { name: %s, bind: 127.0.0.1:0, protocol: http, pool: %s, access-log: off }
                pools:
                  db: { servers: [%s, { name: %s, address: 127.0.0.1:1, backup: true }], %s }
                  web: { servers: [%s], sticky: { cookie: c }, balance: %s }
                  %s: { servers: [{ name: x, address: "localhost:1" }], health-check: { type: tcp, interval: 1h } }
                """.formatted(odd ? "a.log" : "b.log", odd ? "c.log" : "d.log", odd ? 500 : 600,
                odd ? "site" : "place", odd ? "p" : "q", server.entry("weight: " + (odd ? 1 : 2)), odd ? "y" : "z",
                odd ? "health-check: { type: tcp, interval: 1h }" : "max-queue: 7", origin.entry(""),
                odd ? "first" : "round-robin", odd ? "p" : "q");
    }

    /** Objects by class, descriptors and threads of this process. */
    private record Footprint(Map<String, Long> objects, long descriptors, int threads) {

        static Footprint now() {
            return new Footprint(histogram(), ((UnixOperatingSystemMXBean) ManagementFactory
                    .getOperatingSystemMXBean()).getOpenFileDescriptorCount(),
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }

        /**
         * What there is more of, by its name. There may be less: what the statistics of things that are gone hold on
         * to until they look the next time, within a second.
         */
        Map<String, Long> growthSince(Footprint before) {
            Map<String, Long> growth = new TreeMap<>(objects);
            growth.put("descriptors", descriptors);
            growth.put("threads", (long) threads);
            growth.replaceAll((name, count) -> count - before.count(name));
            growth.values().removeIf(more -> more <= 0);
            return growth;
        }

        private long count(String name) {
            return switch (name) {
                case "descriptors" -> descriptors;
                case "threads" -> threads;
                default -> objects.getOrDefault(name, 0L);
            };
        }

        /** After a collection of garbage. */
        private static Map<String, Long> histogram() {
            try {
                String text = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                        new Object[] {new String[0]}, new String[] {String[].class.getName()});
                Map<String, Long> objects = new TreeMap<>();
                for (String line : text.lines().toList()) {
                    String[] cells = line.trim().split("\\s+");
                    if (cells.length > 3 && COUNTED.stream().anyMatch(cells[3]::startsWith)
                            && !TIMED.contains(cells[3])) {
                        objects.put(cells[3], Long.valueOf(cells[1]));
                    }
                }
                return objects;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
