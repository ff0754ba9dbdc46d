package io.sluice.launcher.soak;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Compares what processes have counted, by their last words, with their logs and with what clients have done. */
final class TotalCheck {

    private static final Pattern LAST_WORDS = Pattern.compile("Sluice ends: (.*)");
    private static final Pattern COUNT = Pattern.compile("(\\S+)=(\\d+)");

    private final Ledger ledger;
    /** By counter, of all processes together. */
    private final Map<String, Long> totals = new HashMap<>();

    TotalCheck(Ledger ledger) {
        this.ledger = ledger;
    }

    /** @param processes how many there were @param log of all of them @param requests all lines of the access log */
    void check(int processes, String log, List<JsonNode> requests, List<JsonNode> sessions) {
        List<String> lastWords = LAST_WORDS.matcher(log).results().map(line -> line.group(1)).toList();
        if (lastWords.size() != processes) {
            ledger.violation(processes + " processes have ended, but not as they should: " + lastWords);
        }
        lastWords.forEach(this::add);
        int connections = Stream.of(Kind.values()).mapToInt(ledger::connections).sum();
        expect(connections, "connections-accepted");
        expect(connections, "connections-ended");
        expect(requests.size(), "http-requests");
        expect(requests.stream().filter(line -> line.path("status").asInt() == 429).count(), "http-rate-limited");
        expect(sum(sessions, "client_bytes"), "client-bytes");
        expect(sum(sessions, "server_bytes"), "server-bytes");
        expect(0, "log-records-dropped");
    }

    private void add(String lastWords) {
        COUNT.matcher(lastWords).results()
                .forEach(count -> totals.merge(count.group(1), Long.valueOf(count.group(2)), Long::sum));
    }

    private void expect(long expected, String counter) {
        long counted = totals.getOrDefault(counter, 0L);
        if (counted != expected) {
            ledger.violation("in the end " + counter + " is " + counted + " instead of " + expected);
        }
    }

    private static long sum(List<JsonNode> lines, String name) {
        return lines.stream().mapToLong(line -> line.path(name).asLong()).sum();
    }
}
