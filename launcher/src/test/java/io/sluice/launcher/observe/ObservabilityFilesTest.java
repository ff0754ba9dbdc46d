package io.sluice.launcher.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.stats.Counter;
import io.sluice.launcher.observe.Family.Kind;
import io.sluice.launcher.observe.Readings.GenerationReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The document, the dashboard and the alerts name metrics that there are. */
class ObservabilityFilesTest {

    private static final Path CONFIG = Path.of("../config");
    private static final Pattern METRIC = Pattern.compile("\\b(?:sluice|process|jvm)_[a-z0-9_]+");
    private static final Pattern GENERATED = Pattern.compile("(?s)(<!-- metrics -->\n).*?(<!-- end of metrics -->)");

    @Test
    void theDocumentListsAllMetrics() throws IOException {
        Path file = CONFIG.resolve("OBSERVABILITY.md");
        String present = Files.readString(file);
        String generated = GENERATED.matcher(present).replaceFirst(found ->
                found.group(1) + Matcher.quoteReplacement(table()) + found.group(2));
        if (Boolean.getBoolean("sluice.regenerate")) {
            Files.writeString(file, generated);
            present = generated;
        }
        assertEquals(generated, present, "run the test with -Dsluice.regenerate=true");
    }

    @Test
    void theDocumentTellsOfEachCounter() throws IOException {
        String document = Files.readString(CONFIG.resolve("OBSERVABILITY.md"));
        for (Counter counter : Counter.values()) {
            assertEquals(1, Pattern.compile("(?m)^\\|.*`" + counter.label() + "`.*\\|").matcher(document).results()
                    .filter(row -> !row.group().contains("sluice_")).count(), counter.label());
        }
    }

    @Test
    void theDashboardShowsMetricsThatThereAre() throws IOException {
        JsonNode dashboard = JsonMapper.builder().build()
                .readTree(Files.readString(CONFIG.resolve("observability/grafana.json")));
        List<String> queries = Stream.concat(dashboard.findValuesAsString("expr").stream(),
                dashboard.findValuesAsString("definition").stream()).toList();
        assertFalse(queries.isEmpty());
        queries.forEach(ObservabilityFilesTest::assertMetricsExist);
        assertEquals(dashboard.findValues("id").size(), Set.copyOf(dashboard.findValues("id")).size());
    }

    @Test
    void alertsWatchMetricsThatThereAre() throws IOException {
        List<String> rules = Files.readAllLines(CONFIG.resolve("observability/alerts.yaml")).stream()
                .filter(line -> !line.contains("summary:") && !line.contains("description:")).toList();
        rules.forEach(ObservabilityFilesTest::assertMetricsExist);
        assertEquals(rules.stream().filter(line -> line.contains("- alert:")).count(),
                rules.stream().filter(line -> line.contains("expr:")).count());
    }

    private static void assertMetricsExist(String query) {
        Set<String> known = families().flatMap(ObservabilityFilesTest::series).collect(Collectors.toSet());
        Set<String> named = METRIC.matcher(query).results().map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        named.removeAll(known);
        assertEquals(Set.of(), named, query);
    }

    private static Stream<String> series(Family family) {
        return family.kind() == Kind.HISTOGRAM
                ? Stream.of("_bucket", "_count", "_sum").map(suffix -> family.name() + suffix)
                : Stream.of(family.name());
    }

    private static String table() {
        return "\n| metric | kind | what |\n|---|---|---|\n" + families().map(family -> "| `" + family.name() + "` | "
                + kind(family) + " | " + family.help() + " |\n").collect(Collectors.joining()) + "\n";
    }

    /** As Prometheus knows it. */
    private static String kind(Family family) {
        return switch (family.kind()) {
            case COUNTER -> "counter";
            case HISTOGRAM -> "histogram";
            case GAUGE, INFO -> "gauge";
        };
    }

    /** All that there can be, whether it has values or not. */
    private static Stream<Family> families() {
        Scene nothing = new Scene(new GenerationReading(1, Instant.EPOCH, "test"), List.of(),
                new ConnectionLimit(null, 1), List.of(), List.of(), Set.of(), List.of(), false);
        try (Observer observer = new Observer("test", () -> nothing, System::nanoTime)) {
            return new PrometheusMetrics(observer, System::nanoTime).read().all().stream();
        }
    }
}
