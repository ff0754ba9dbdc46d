package io.sluice.launcher.observe;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Tally;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import io.sluice.core.worker.Listener;
import io.sluice.launcher.observe.Scene.Spot;
import java.util.Map;

/** The metrics of listeners and their routes. Owned by one thread. */
final class TrafficMetrics {

    /** Bounds of the buckets of latencies, in microseconds. */
    static final long[] BOUNDS_US = {1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        2_500_000, 10_000_000, 60_000_000};

    private final Numbers accepting;
    private final Numbers connections;
    private final Numbers limit;
    private final Numbers accepted;
    private final Numbers received;
    private final Numbers sent;
    private final Numbers requests;
    private final Numbers refused;
    private final Numbers rateLimited;
    private final Times duration;
    private final Numbers routeConnections;
    private final Numbers routeRequests;
    private final Numbers routeRateLimited;
    private final Times routeDuration;

    TrafficMetrics(Families families) {
        accepting = families.gauge("sluice_listener_accepting", "Whether the listener accepts new connections.");
        connections = families.gauge("sluice_listener_connections", "Current client connections.");
        limit = families.gauge("sluice_listener_connections_limit",
                "Limit on the listener's client connections; absent if there is none.");
        accepted = families.counter("sluice_listener_accepted_connections", "Accepted client connections.");
        received = families.counter("sluice_listener_received_bytes", "Bytes received from clients.");
        sent = families.counter("sluice_listener_sent_bytes", "Bytes sent to clients.");
        requests = families.counter("sluice_listener_requests",
                "Completed HTTP requests, by class of response status; none: there was no response.");
        refused = families.counter("sluice_listener_refused",
                "Clients and requests that Sluice refused, by reason.");
        rateLimited = families.counter("sluice_listener_rate_limited_connections",
                "Connections above the listener's rate limit: refused or, with dry-run, served.");
        duration = families.histogram("sluice_listener_duration_seconds",
                "Duration of requests (HTTP) or sessions (TCP), as seen by the client.", BOUNDS_US);
        routeConnections = families.counter("sluice_route_connections", "TCP sessions that took the route.");
        routeRequests = families.counter("sluice_route_requests",
                "HTTP requests that took the route, by class of response status.");
        routeRateLimited = families.counter("sluice_route_rate_limited_requests",
                "HTTP requests above the route's rate limit: refused or, with dry-run, served.");
        routeDuration = families.histogram("sluice_route_duration_seconds",
                "Duration of requests (HTTP) or sessions (TCP) that took the route.", BOUNDS_US);
    }

    void add(Spot spot) {
        Listener listener = spot.listener();
        PerWorker<Traffic> traffic = listener.traffic();
        boolean isHttp = listener.config() instanceof HttpListenerConfig;
        Labels labels = Labels.of("listener", listener.name());
        accepting.add(spot.accepts() ? 1 : 0, labels);
        connections.add(listener.limit().taken(), labels);
        if (listener.config().maxConnections() != SluiceConfig.UNLIMITED) {
            limit.add(listener.config().maxConnections(), labels);
        }
        accepted.add(Tally.sum(traffic, TrafficCount.CONNECTIONS), labels);
        received.add(Tally.sum(traffic, TrafficCount.RECEIVED_BYTES), labels);
        sent.add(Tally.sum(traffic, TrafficCount.SENT_BYTES), labels);
        addAll(requests, Track.byClass(traffic), labels, "code");
        addAll(refused, Track.errors(traffic), labels, "reason");
        addIfAny(rateLimited, traffic, labels);
        duration.add(traffic, Latency.TOTAL, labels);
        listener.routes().forEach((name, ofRoute) -> addRoute(ofRoute, labels.and("route", name), isHttp));
    }

    private void addRoute(PerWorker<Traffic> traffic, Labels labels, boolean isHttp) {
        if (isHttp) {
            addAll(routeRequests, Track.byClass(traffic), labels, "code");
            addIfAny(routeRateLimited, traffic, labels);
        } else {
            routeConnections.add(Tally.sum(traffic, TrafficCount.CONNECTIONS), labels);
        }
        routeDuration.add(traffic, Latency.TOTAL, labels);
    }

    /** Most listeners and routes have no rate limit. */
    private static void addIfAny(Numbers numbers, PerWorker<Traffic> traffic, Labels labels) {
        long sum = Tally.sum(traffic, TrafficCount.RATE_LIMITED);
        if (sum > 0) {
            numbers.add(sum, labels);
        }
    }

    static void addAll(Numbers numbers, Map<String, Long> values, Labels labels, String name) {
        values.forEach((key, value) -> numbers.add(value, labels.and(name, key)));
    }
}
