package io.sluice.bench.report;

import io.sluice.bench.load.LoadResult;
import io.sluice.bench.load.Moment;
import io.sluice.bench.report.LineChart.Line;
import io.sluice.bench.report.LineChart.Point;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Writes the result as one self-contained page: curves as inline SVG, the table, and the JSON for programs. */
public final class HtmlReport {

    private static final int STEPS_PER_HALF = 10;
    /** Lower latencies are drawn as this, since a logarithmic axis has no zero. */
    private static final double LEAST_MS = 0.001;
    /** The highest percentile drawn; higher ones cannot be told from the maximum. */
    private static final double HIGHEST_PERCENTILE = 99.9999;

    /** What is shorter, such as the wait for the last answers, has no rate to speak of. */
    private static final double LEAST_DRAWN_SECONDS = 0.1;

    private HtmlReport() { }

    /** @param version of Sluice */
    public static String of(LoadResult result, String version) {
        return template()
                .replace("{{title}}", escaped(result.settings().target().url()))
                .replace("{{load}}", escaped(Sentences.load(result)))
                .replace("{{date}}",
                        escaped(result.startedAt().truncatedTo(ChronoUnit.SECONDS) + ", Sluice " + version))
                .replace("{{latency}}", latencyChart(result))
                .replace("{{time}}", timeChart(result))
                .replace("{{table}}", escaped(TextReport.table(result)))
                // Escaped, so that no text can end the script or begin another one.
                .replace("{{json}}", JsonReport.of(result, version).replace("<", "\\u003c"));
    }

    private static String latencyChart(LoadResult result) {
        if (result.latency().getTotalCount() == 0) {
            return "";
        }
        List<Line> lines = new ArrayList<>();
        if (result.sinceDue() == null) {
            lines.add(new Line("latency", percentiles(result.sinceSent())));
        } else {
            lines.add(new Line("corrected", percentiles(result.sinceDue())));
            lines.add(new Line("uncorrected", percentiles(result.sinceSent())));
        }
        double least = Math.max(LEAST_MS, result.sinceSent().getMinValue() / Numbers.MS_NS);
        double most = Math.max(2 * least, result.latency().getMaxValue() / Numbers.MS_NS);
        double percentile = lines.getFirst().points().getLast().x();
        Axis x = Axis.percentiles(Math.max(90, percentile));
        return heading("Latency by percentile")
                + new LineChart(x, Axis.logarithmic("milliseconds", least, most), lines).svg();
    }

    /** The curve up to the percentile above which there is only one answer. */
    private static List<Point> percentiles(Histogram latency) {
        List<Point> points = new ArrayList<>();
        double highest = Math.min(HIGHEST_PERCENTILE, 100 - 100.0 / Math.max(2, latency.getTotalCount()));
        for (HistogramIterationValue value : latency.percentiles(STEPS_PER_HALF)) {
            double percentile = Math.min(highest, value.getPercentileLevelIteratedTo());
            points.add(new Point(percentile,
                    Math.max(LEAST_MS, value.getValueIteratedTo() / Numbers.MS_NS)));
        }
        return points;
    }

    private static String timeChart(LoadResult result) {
        boolean bulk = result.settings().target().mode().isBulk();
        List<Point> points = new ArrayList<>();
        double greatest = 0;
        for (Moment moment : result.moments()) {
            if (moment.seconds() < LEAST_DRAWN_SECONDS) {
                continue;
            }
            double perSecond = (bulk ? moment.bytes() / Numbers.MB : moment.answered()) / moment.seconds();
            points.add(new Point(moment.endSeconds(), perSecond));
            greatest = Math.max(greatest, perSecond);
        }
        if (points.size() < 2) {
            return "";
        }
        Axis x = Axis.linear("seconds", points.getLast().x());
        return heading("Throughput over time")
                + new LineChart(x, Axis.linear(bulk ? "MB/s" : "answers/s", greatest),
                List.of(new Line("rate", points))).svg();
    }

    private static String heading(String text) {
        return "<h2>" + text + "</h2>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static String template() {
        try (InputStream file = HtmlReport.class.getResourceAsStream("report.html")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
