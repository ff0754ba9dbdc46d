package io.sluice.launcher.soak;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Compares the counters with the logs, and with what clients have done. Used once, by one thread. */
final class CountCheck {

    private final Metrics metrics;
    private final List<JsonNode> requests;
    private final List<JsonNode> sessions;
    private final List<String> differences = new ArrayList<>();

    /** All lines of both logs. */
    CountCheck(Metrics metrics, List<JsonNode> requests, List<JsonNode> sessions) {
        this.metrics = metrics;
        this.requests = requests;
        this.sessions = sessions;
    }

    /** @return what does not fit, for a reader */
    List<String> differences(Ledger ledger) {
        for (Kind kind : Kind.values()) {
            expect(ledger.connections(kind), "listener_accepted_connections", listener(kind));
            if (kind.isHttp()) {
                checkRequests(kind);
            } else {
                checkSessions(kind);
            }
        }
        return differences;
    }

    private void checkRequests(Kind listener) {
        List<JsonNode> own = of(requests, "listener", listener);
        for (String code : List.of("1xx", "2xx", "3xx", "4xx", "5xx", "none")) {
            String labels = listener(listener) + ",code=\"" + code + "\"";
            expect(own.stream().filter(line -> code(line).equals(code)).count(), "listener_requests", labels);
        }
        for (Talk.Route route : Talk.Route.values()) {
            String labels = listener(listener) + ",route=\"" + route + "\"";
            expect(of(own, "route", route).size(), "route_requests", labels);
        }
        expect(sum(own, "response_bytes"), "listener_sent_bytes", listener(listener));
        expect(own.stream().filter(line -> line.path("status").asInt() == 429).count(), "listener_refused",
                listener(listener) + ",reason=\"rate-limit\"");
    }

    private void checkSessions(Kind kind) {
        List<JsonNode> own = of(sessions, "listener", kind);
        expect(sum(own, "server_bytes"), "listener_sent_bytes", listener(kind));
        if (!kind.hasProxyHeader()) {
            expect(sum(of(sessions, "pool", kind), "client_bytes"), "server_sent_bytes", "pool=\"" + kind + "\"");
        }
    }

    private void expect(long expected, String name, String labels) {
        long counted = metrics.sum(name, labels);
        if (counted != expected) {
            differences.add(name + " of " + labels + " is " + counted + " instead of " + expected);
        }
    }

    private static String listener(Kind kind) {
        return "listener=\"" + kind + "\"";
    }

    private static String code(JsonNode line) {
        return line.has("status") ? line.path("status").asInt() / 100 + "xx" : "none";
    }

    private static List<JsonNode> of(List<JsonNode> lines, String name, Object value) {
        return lines.stream().filter(line -> line.path(name).asString().equals(value.toString())).toList();
    }

    private static long sum(List<JsonNode> lines, String name) {
        return lines.stream().mapToLong(line -> line.path(name).asLong()).sum();
    }
}
