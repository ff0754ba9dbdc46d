package io.sluice.bench.report;

import io.sluice.bench.load.Failure;
import io.sluice.bench.load.LoadResult;
import io.sluice.bench.load.Moment;
import io.sluice.bench.load.Totals;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Writes the table at the end of a run, and the line of progress for each second. */
public final class TextReport {

    private TextReport() { }

    /** One second, in one line. */
    public static String line(Moment moment, boolean bulk) {
        String rate = bulk ? Numbers.text("%,12.1f MB/s", moment.bytes() / moment.seconds() / Numbers.MB)
                : Numbers.text("%,12.0f/s   p50 %9s   p99 %9s", moment.answered() / moment.seconds(),
                Numbers.ms(moment.p50Ns()), Numbers.ms(moment.p99Ns()));
        return Numbers.text("%6.0f s %s   failed %,d", moment.endSeconds(), rate, moment.failed());
    }

    /** The whole result, below the load that it is of. */
    public static String of(LoadResult result) {
        return Sentences.load(result) + "\n\n" + table(result);
    }

    static String table(LoadResult result) {
        StringBuilder text = new StringBuilder();
        if (result.settings().target().mode().isBulk()) {
            row(text, "throughput", Numbers.text("%,.1f MB/s", result.bytesPerSecond() / Numbers.MB));
            row(text, "moved", Numbers.text("%,d bytes in %.1f s", result.totals().bytes(), result.seconds()));
        } else {
            row(text, "rate", Numbers.text("%,.0f answers/s", result.ratePerSecond()));
            row(text, "throughput", Numbers.text("%,.2f MB/s received", result.bytesPerSecond() / Numbers.MB));
            row(text, "answered", Numbers.text("%,d in %.1f s", result.totals().answered(), result.seconds()));
        }
        failures(text, result.totals());
        if (result.latency().getTotalCount() > 0) {
            latencies(text, result);
        }
        Sentences.notes(result).forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private static void failures(StringBuilder text, Totals totals) {
        List<String> kinds = Arrays.stream(Failure.values())
                .filter(failure -> totals.failures().getOrDefault(failure, 0L) > 0)
                .map(failure -> Numbers.text("%s: %,d", failure.label(), totals.failures().get(failure))).toList();
        row(text, "failed", Numbers.text("%,d", totals.failed())
                + (kinds.isEmpty() ? "" : " (" + String.join(", ", kinds) + ")"));
        if (!totals.statuses().isEmpty()) {
            row(text, "statuses", String.join(", ", totals.statuses().entrySet().stream()
                    .map(status -> Numbers.text("%d: %,d", status.getKey(), status.getValue())).toList()));
        }
        if (totals.unsent() > 0) {
            row(text, "unsent", Numbers.text("%,d", totals.unsent()));
        }
        if (totals.unfinished() > 0) {
            row(text, "unfinished", Numbers.text("%,d", totals.unfinished()));
        }
    }

    private static void latencies(StringBuilder text, LoadResult result) {
        Histogram latency = result.latency();
        boolean both = result.sinceDue() != null;
        text.append(both ? "\npercentile      corrected   uncorrected\n" : "\npercentile        latency\n");
        for (double percentile : Numbers.PERCENTILES) {
            text.append(Numbers.text("%-9s %12s", Numbers.percentile(percentile),
                    Numbers.ms(latency.getValueAtPercentile(percentile))));
            if (both) {
                double sinceSentNs = result.sinceSent().getValueAtPercentile(percentile);
                text.append(Numbers.text("  %12s", Numbers.ms(sinceSentNs)));
            }
            text.append('\n');
        }
        text.append(Numbers.text("%-9s %12s", "mean", Numbers.ms(latency.getMean())));
        text.append(both ? Numbers.text("  %12s%n", Numbers.ms(result.sinceSent().getMean())) : "\n");
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(Numbers.text("%-11s %s%n", name, value));
    }
}
