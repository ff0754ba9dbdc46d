package io.sluice.launcher.observe;

import io.sluice.launcher.observe.Readings.ByteReading;
import io.sluice.launcher.observe.Readings.CertificateReading;
import io.sluice.launcher.observe.Readings.ChangeReading;
import io.sluice.launcher.observe.Readings.CheckReading;
import io.sluice.launcher.observe.Readings.ConnectionReading;
import io.sluice.launcher.observe.Readings.EventReading;
import io.sluice.launcher.observe.Readings.GenerationReading;
import io.sluice.launcher.observe.Readings.LatencyReading;
import io.sluice.launcher.observe.Readings.ListenerLatency;
import io.sluice.launcher.observe.Readings.ListenerReading;
import io.sluice.launcher.observe.Readings.PoolReading;
import io.sluice.launcher.observe.Readings.Quantiles;
import io.sluice.launcher.observe.Readings.QueueReading;
import io.sluice.launcher.observe.Readings.RequestReading;
import io.sluice.launcher.observe.Readings.RouteReading;
import io.sluice.launcher.observe.Readings.ServerConnections;
import io.sluice.launcher.observe.Readings.ServerLatency;
import io.sluice.launcher.observe.Readings.ServerReading;
import io.sluice.launcher.observe.Readings.WorkerReading;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Readings of a busy site that does not exist: they move from second to second, but the same second always gives the
 * same ones. Safe from any thread.
 */
public final class FakeReadings {

    /** What an operator wants of a server. */
    public record Wish(String state, int weight) { }

    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final long AGE_SECONDS = 93_784;
    private static final Quantiles NOTHING = new Quantiles(0, null, null, null, null, null, null, null);

    private final Map<String, Wish> wishes = new ConcurrentHashMap<>();
    private final Map<String, String> events = new LinkedHashMap<>();
    private volatile String hostile = "";

    /** What names, reasons and events end with from now on. */
    public void append(String text) {
        hostile = text;
    }

    public Wish wish(String server) {
        return wishes.getOrDefault(server, new Wish("ready", 100));
    }

    public synchronized void wish(String server, Wish wish) {
        wishes.put(server, wish);
        events.put("server " + server + ": admin state " + wish.state() + ", weight " + wish.weight(), "warn");
    }

    public Readings at(long second) {
        Instant now = START.plusSeconds(AGE_SECONDS + second);
        List<PoolReading> pools = pools(now, second);
        return new Readings("0.1.0", START, AGE_SECONDS + second, now, "serving",
                new GenerationReading(7, now.minusSeconds(2_940), "/etc/sluice/sluice.yaml"),
                new ConnectionReading(wave(second, 1_834, 120), 4_211, 9_318_220 + 140 * second, 10_000, 140),
                workers(second),
                Map.of("connections-accepted", 9_318_220 + 140 * second), listeners(second), pools,
                List.of(new CertificateReading("listener web", "CN=shop.example.com", START.plus(60, ChronoUnit.DAYS))),
                events(now));
    }

    private static List<WorkerReading> workers(long second) {
        List<WorkerReading> workers = new ArrayList<>();
        for (int index = 0; index < 4; index++) {
            workers.add(new WorkerReading("worker-" + index, wave(second + index, 458, 30),
                    0.38 + 0.12 * drift(second, index)));
        }
        return workers;
    }

    private List<ListenerReading> listeners(long second) {
        return List.of(
                http("web" + hostile, "0.0.0.0:443", second, 2_400, 0.0042,
                        List.of("shop", "static", "api-v2")),
                http("partners", "10.0.0.5:8443", second + 11, 310, 0.019, List.of("partners")),
                new ListenerReading("orders-db", "tcp", List.of("10.0.0.5:5432", "10.0.0.5:5433"), "accepting",
                        new ConnectionReading(wave(second, 212, 9), 260, 48_211 + second, 400, 1.2 + drift(second, 7)),
                        bytes(second, 2_900_000), null, Map.of("not-allowed", 12L),
                        new ListenerLatency(latency(second, 41.5)),
                        List.of(new RouteReading("primary", 31_002, 0.8, new ListenerLatency(latency(second, 39))),
                                new RouteReading("replicas", 17_209, 0.4, new ListenerLatency(latency(second, 44))))));
    }

    private ListenerReading http(String name, String bind, long second, double rate, double latency,
                                 List<String> routes) {
        long total = (long) (rate * (AGE_SECONDS + second));
        List<RouteReading> routeReadings = new ArrayList<>();
        for (String route : routes) {
            routeReadings.add(new RouteReading(route + hostile, total / routes.size(), rate / routes.size(),
                    new ListenerLatency(latency(second, latency * (1 + routeReadings.size())))));
        }
        return new ListenerReading(name, "http", List.of(bind), "accepting",
                new ConnectionReading(wave(second, rate / 3, rate / 30), (long) rate, total / 40, 5_000, rate / 40),
                bytes(second, rate * 9_000),
                new RequestReading(total, wave(second, rate, rate / 6),
                        Map.of("2xx", total - total / 12, "3xx", total / 20, "4xx", total / 32, "5xx", total / 900)),
                Map.of("uri-too-long", 4L, "no-route", 319L), new ListenerLatency(latency(second, latency)),
                routeReadings);
    }

    private List<PoolReading> pools(Instant now, long second) {
        List<ServerReading> shop = new ArrayList<>();
        for (int index = 1; index <= 5; index++) {
            shop.add(server("shop-" + index + hostile, "10.0.1." + index + ":8080", index == 4 ? "down" : "up", null,
                    now, second + 3 * index));
        }
        List<ServerReading> partners = List.of(
                server("edge-a", "edge-a.internal:9000", "up", null, now, second),
                server("edge-b", "edge-b.internal:9000", "up", null, now, second + 5));
        List<ServerReading> orders = List.of(
                server("db1", "10.0.2.11:5432", "up", "primary", now, second),
                server("db2", "10.0.2.12:5432", "up", "replica", now, second + 2),
                server("db3", "10.0.2.13:5432", "ejected", "replica", now, second + 4));
        return List.of(pool("shop" + hostile, "http", "least-connections", shop, new QueueReading(3, 42, 1_920, 4, 0)),
                pool("partners", "http", "round-robin", partners, new QueueReading(0, 0, 0, 0, 0)),
                pool("orders-db", "tcp", "least-connections", orders, new QueueReading(0, 18, 240, 0, 0)));
    }

    private static PoolReading pool(String name, String protocol, String balance, List<ServerReading> servers,
                                    QueueReading queue) {
        int up = (int) servers.stream().filter(server -> server.state().equals("up")).count();
        return new PoolReading(name, protocol, balance, up, servers.size(), queue, 311, 0, servers);
    }

    private ServerReading server(String name, String address, String health, String role, Instant now,
                                 long second) {
        Wish wish = wish(name);
        boolean http = role == null;
        boolean up = health.equals("up");
        String state = switch (wish.state()) {
            case "drain" -> "draining";
            case "maintenance" -> "maintenance";
            default -> health;
        };
        double rate = up && wish.state().equals("ready") ? wave(second, 480, 60) : 0;
        long total = 41_000_000 + 480 * second;
        LatencyReading none = new LatencyReading(NOTHING, NOTHING);
        double median = http ? 0.0031 + 0.0004 * (second % 5) : 0.0009;
        return new ServerReading(name, address, state, wish.state(), role, wish.weight(), name.startsWith("shop-5"),
                new ServerConnections(up ? wave(second, 31, 8) : 0, 140, total / 900, http ? null : 200,
                        http ? 2.1 : rate / 400, http ? 64 : 0),
                up ? bytes(second, 1_900_000) : new ByteReading(812_000_000L, 91_000_000L, 0, 0),
                http ? new RequestReading(total, rate, Map.of("2xx", total - 4_000, "5xx", 4_000L)) : null,
                up ? 12 : 299, 96, up ? Map.of() : Map.of("connect-refused", 218L, "server-timeout", 81L),
                new CheckReading(now.minusMillis(900), up ? "ok" : "failed",
                        up ? "status 200" : "connection refused" + hostile, 0.0013),
                new ChangeReading(now.minusSeconds(up ? 81_000 : 754), up ? "down" : "up", up ? "up" : "down",
                        up ? "2 checks in a row were good" : "3 checks in a row failed" + hostile),
                new ServerLatency(up ? latency(second, 0.0006) : none, none, up ? latency(second, median) : none,
                        up ? latency(second, median * 1.4) : none));
    }

    private synchronized List<EventReading> events(Instant now) {
        List<EventReading> all = new ArrayList<>(List.of(
                event(now, 9_120, "info", "listener web accepts on 0.0.0.0:443"),
                event(now, 8_400, "info", "pool orders-db: db2 is replica, at timeline 4, lag 0 s"),
                event(now, 2_940, "info", "generation 7 is in force: 1 server added to shop, 0 connections closed"),
                event(now, 1_811, "warn", "server shop-2 of shop: ejected for 10 s after 5 failures in a row"),
                event(now, 1_801, "info", "server shop-2 of shop: up again"),
                event(now, 754, "error", "server shop-4 of shop is DOWN: connection refused" + hostile),
                event(now, 752, "warn", "server db3 of orders-db: ejected after 5 failures in a row")));
        events.forEach((text, level) -> all.add(event(now, 1, level, text)));
        return all;
    }

    private static EventReading event(Instant now, long secondsAgo, String level, String text) {
        return new EventReading(now.minusSeconds(secondsAgo), level, text);
    }

    private static ByteReading bytes(long second, double rate) {
        double received = rate / 9 * (1 + 0.3 * drift(second, rate));
        double sent = rate * (1 + 0.35 * drift(second, rate + 9));
        return new ByteReading((long) received * AGE_SECONDS, (long) sent * AGE_SECONDS, received, sent);
    }

    private static LatencyReading latency(long second, double median) {
        return new LatencyReading(quantiles(28_800, median * (1 + 0.3 * drift(second, median))),
                quantiles(41_000_000, median));
    }

    private static Quantiles quantiles(long count, double median) {
        return new Quantiles(count, median * 1.3, median, median * 2.4, median * 6.1, median * 11, median * 19,
                median * 31);
    }

    private static int wave(long second, double middle, double swing) {
        return (int) (middle + swing * drift(second, middle));
    }

    /** From -1 to 1: slow, less slow and quick changes, as traffic has them. @param seed lest all change alike */
    private static double drift(long second, double seed) {
        return 0.55 * between(second / 47.0, seed) + 0.3 * between(second / 11.0, seed + 1)
                + 0.15 * between(second, seed + 2);
    }

    /** A smooth line through points that look random. */
    private static double between(double at, double seed) {
        double rest = at - Math.floor(at);
        double smooth = rest * rest * (3 - 2 * rest);
        return point(Math.floor(at), seed) * (1 - smooth) + point(Math.floor(at) + 1, seed) * smooth;
    }

    private static double point(double at, double seed) {
        double scattered = Math.sin(at * 12.9898 + seed * 78.233) * 43_758.5453;
        return 2 * (scattered - Math.floor(scattered)) - 1;
    }
}
