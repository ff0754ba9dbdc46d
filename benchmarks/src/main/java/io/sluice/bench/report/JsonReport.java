package io.sluice.bench.report;

import io.sluice.bench.load.Failure;
import io.sluice.bench.load.LoadResult;
import io.sluice.bench.load.LoadSettings;
import io.sluice.bench.load.Moment;
import io.sluice.bench.load.Pace;
import io.sluice.bench.load.Span;
import io.sluice.bench.load.Target;
import io.sluice.bench.load.Totals;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the result as JSON, for programs. Every key is always present; a value that does not apply is null. Keys keep
 * their names and meanings as long as {@code format} is {@value #FORMAT}.
 */
public final class JsonReport {

    static final int FORMAT = 1;
    private static final JsonFactory JSON = new JsonFactory();

    private JsonReport() { }

    /** One line. @param version of Sluice */
    public static String of(LoadResult result, String version) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("format", FORMAT);
            json.writeStringProperty("version", version);
            json.writeStringProperty("started", result.startedAt().toString());
            settings(json, result.settings());
            json.writeNumberProperty("seconds", Numbers.rounded(result.seconds(), 6));
            json.writeNumberProperty("per_second", Numbers.rounded(result.ratePerSecond(), 3));
            json.writeNumberProperty("bytes_per_second", Math.round(result.bytesPerSecond()));
            totals(json, result.totals());
            json.writeNumberProperty("generator_busy", Numbers.rounded(result.busyShare(), 3));
            latency(json, "latency_ms", result.latency());
            latency(json, "uncorrected_latency_ms", result.sinceDue() == null ? null : result.sinceSent());
            moments(json, result);
            json.writeEndObject();
        }
        return text.append('\n').toString();
    }

    private static void settings(JsonGenerator json, LoadSettings settings) {
        Target target = settings.target();
        Pace pace = settings.pace();
        Span span = settings.span();
        json.writeObjectPropertyStart("settings");
        json.writeStringProperty("url", target.url());
        json.writeStringProperty("mode", target.mode().label());
        json.writeNumberProperty("request_bytes", target.request().length);
        json.writeBooleanProperty("connect_per_request", target.connectPerRequest());
        json.writeNumberProperty("connections", pace.connections());
        json.writeNumberProperty("threads", pace.threads());
        optional(json, "rate", pace.isOpenLoop() ? pace.ratePerSecond() : null);
        if (pace.requests() == Pace.UNLIMITED) {
            json.writeNullProperty("requests");
        } else {
            json.writeNumberProperty("requests", pace.requests());
        }
        json.writeNumberProperty("warm_up_seconds", seconds(span.warmUp()));
        optional(json, "duration_seconds", span.duration().equals(Span.UNLIMITED) ? null : seconds(span.duration()));
        json.writeNumberProperty("timeout_seconds", seconds(span.timeout()));
        json.writeEndObject();
    }

    private static void totals(JsonGenerator json, Totals totals) {
        json.writeNumberProperty("answered", totals.answered());
        json.writeNumberProperty("failed", totals.failed());
        json.writeObjectPropertyStart("failures");
        for (Failure failure : Failure.values()) {
            json.writeNumberProperty(failure.label(), totals.failures().getOrDefault(failure, 0L));
        }
        json.writeEndObject();
        json.writeObjectPropertyStart("statuses");
        for (Map.Entry<Integer, Long> status : totals.statuses().entrySet()) {
            json.writeNumberProperty(status.getKey().toString(), status.getValue());
        }
        json.writeEndObject();
        json.writeNumberProperty("unsent", totals.unsent());
        json.writeNumberProperty("unfinished", totals.unfinished());
        json.writeNumberProperty("bytes", totals.bytes());
        json.writeNumberProperty("connections_opened", totals.connections());
    }

    /** Writes the latencies; null without any answer. */
    private static void latency(JsonGenerator json, String name, Histogram latency) {
        if (latency == null || latency.getTotalCount() == 0) {
            json.writeNullProperty(name);
            return;
        }
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("min", Numbers.roundedMs(latency.getMinValue()));
        json.writeNumberProperty("mean", Numbers.roundedMs(latency.getMean()));
        json.writeNumberProperty("deviation", Numbers.roundedMs(latency.getStdDeviation()));
        for (double percentile : Numbers.PERCENTILES) {
            String key = percentile == 100 ? "max" : "p" + Numbers.percentile(percentile);
            json.writeNumberProperty(key, Numbers.roundedMs(latency.getValueAtPercentile(percentile)));
        }
        json.writeEndObject();
    }

    private static void moments(JsonGenerator json, LoadResult result) {
        json.writeArrayPropertyStart("moments");
        for (Moment moment : result.moments()) {
            json.writeStartObject();
            json.writeNumberProperty("end_seconds", Numbers.rounded(moment.endSeconds(), 3));
            json.writeNumberProperty("seconds", Numbers.rounded(moment.seconds(), 3));
            json.writeNumberProperty("answered", moment.answered());
            json.writeNumberProperty("failed", moment.failed());
            json.writeNumberProperty("bytes", moment.bytes());
            json.writeNumberProperty("p50_ms", Numbers.roundedMs(moment.p50Ns()));
            json.writeNumberProperty("p99_ms", Numbers.roundedMs(moment.p99Ns()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void optional(JsonGenerator json, String name, Double value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, value);
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
