package io.sluice.bench.jmh;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** The results of benchmarks as a page of Markdown. */
final class JmhTable {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private JmhTable() { }

    /** @param options that the benchmarks ran with */
    static String of(Collection<RunResult> results, String options) {
        StringBuilder page = new StringBuilder("""
                # JMH

                What one call of each hot type costs: time with its 99.9 % confidence interval, and bytes allocated.

                | benchmark | with | time | ± | | bytes a call |
                |---|---|---|---|---|---|
                """);
        results.forEach(result -> page.append(row(result)));
        return page.append('\n')
                .append("- Date: ").append(Instant.now().truncatedTo(ChronoUnit.MINUTES)).append('\n')
                .append("- Machine: ").append(machine()).append('\n')
                .append("- JVM: ").append(System.getProperty("java.vm.name")).append(' ')
                .append(System.getProperty("java.vm.version")).append('\n')
                .append("- Options: `").append(options).append("`\n")
                .append("- Command: `benchmarks/jmh/run`\n")
                .toString();
    }

    private static String row(RunResult result) {
        BenchmarkParams params = result.getParams();
        Result<?> time = result.getPrimaryResult();
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        return "| %s | %s | %s | %s | %s | %s |%n".formatted(name(params), with(params), number(time.getScore()),
                number(time.getScoreError()), time.getScoreUnit(),
                allocated == null ? "" : number(allocated.getScore()));
    }

    /** Class and method, without the package. */
    private static String name(BenchmarkParams params) {
        String[] parts = params.getBenchmark().split("\\.");
        return parts[parts.length - 2].replace("Benchmark", "") + " " + parts[parts.length - 1];
    }

    private static String with(BenchmarkParams params) {
        return String.join(", ", params.getParamsKeys().stream().map(key -> key + " " + params.getParam(key)).toList());
    }

    /** What is below a hundredth is noise of the measurement. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 0.01 ? "%.2f" : "%.0f";
        return String.format(Locale.ROOT, format, value);
    }

    private static String machine() {
        return "%s %s, %s, %d cores".formatted(System.getProperty("os.name"), System.getProperty("os.version"),
                System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors());
    }
}
