package io.sluice.bench.report;

import io.sluice.bench.load.Failure;
import io.sluice.bench.load.LoadResult;
import io.sluice.bench.load.LoadSettings;
import io.sluice.bench.load.Mode;
import io.sluice.bench.load.Moment;
import io.sluice.bench.load.Pace;
import io.sluice.bench.load.Span;
import io.sluice.bench.load.Target;
import io.sluice.bench.load.Totals;
import io.sluice.l7.http.HttpMethod;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Results as runs might have given them. */
final class Results {

    private static final Instant STARTED = Instant.parse("2026-11-21T10:00:00Z");
    private static final Totals TOTALS = new Totals(1000, Map.of(Failure.CONNECT, 2L, Failure.STATUS, 5L),
            new TreeMap<>(Map.of(200, 1000L, 503, 5L)), 2_500_000, 66, 0, 0);
    private static final List<Moment> MOMENTS = List.of(new Moment(1, 1, 400, 3, 1_000_000, 1_000_000, 3_000_000),
            new Moment(2, 1, 600, 4, 1_500_000, 2_000_000, 4_000_000));
    private static final List<Moment> MOMENTS_AND_REST =
            List.of(MOMENTS.getFirst(), MOMENTS.getLast(), new Moment(2.002, 0.002, 0, 0, 0, 0, 0));

    private Results() { }

    /** A thousand answers in two seconds, in 1 to 10 ms. */
    static LoadResult closedLoop() {
        return new LoadResult(settings(Mode.HTTP, Pace.CLOSED_LOOP), STARTED, 2, TOTALS, latencies(1), null, MOMENTS,
                0.5);
    }

    /** Likewise, and ten times as long since requests were due; 40 never sent. */
    static LoadResult openLoop() {
        Totals totals = new Totals(1000, Map.of(), new TreeMap<>(Map.of(200, 1000L)), 2_500_000, 64, 40, 3);
        return new LoadResult(settings(Mode.HTTP, 520), STARTED, 2, totals, latencies(1), latencies(10), MOMENTS, 1);
    }

    /** With the moment that the last answers took after the end. */
    static LoadResult withRest() {
        return new LoadResult(settings(Mode.HTTP, Pace.CLOSED_LOOP), STARTED.plusNanos(123), 2, TOTALS, latencies(1),
                null, MOMENTS_AND_REST, 0.5);
    }

    static LoadResult bulk() {
        Totals totals = new Totals(0, Map.of(), new TreeMap<>(), 2_500_000, 64, 0, 0);
        return new LoadResult(settings(Mode.DOWNLOAD, Pace.CLOSED_LOOP), STARTED, 2, totals, new Histogram(3), null,
                MOMENTS, 0.95);
    }

    /** Ended in its warm-up. */
    static LoadResult nothing() {
        Totals totals = new Totals(0, Map.of(), new TreeMap<>(), 0, 64, 0, 0);
        return new LoadResult(settings(Mode.HTTP, Pace.CLOSED_LOOP), STARTED, 0, totals, new Histogram(3), null,
                List.of(new Moment(0, 0, 0, 0, 0, 0, 0)), 0);
    }

    private static Histogram latencies(int factor) {
        Histogram latencies = new Histogram(3);
        for (int ms = 1; ms <= 10; ms++) {
            latencies.recordValueWithCount(ms * 1_000_000L * factor, 100);
        }
        return latencies;
    }

    private static LoadSettings settings(Mode mode, double rate) {
        Target target = new Target("http://h:81/a?b=<c>&d", new InetSocketAddress("127.0.0.1", 81), mode,
                HttpMethod.GET, new byte[40], false);
        return new LoadSettings(target, new Pace(2, 64, rate, Pace.UNLIMITED),
                new Span(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(10)));
    }
}
