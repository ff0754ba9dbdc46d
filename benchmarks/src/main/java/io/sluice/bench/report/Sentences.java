package io.sluice.bench.report;

import io.sluice.bench.load.LoadResult;
import io.sluice.bench.load.LoadSettings;
import io.sluice.bench.load.Mode;
import io.sluice.bench.load.Pace;
import io.sluice.bench.load.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The sentences of reports. */
final class Sentences {

    /** From this busy share on, the generator itself may limit the rate. */
    private static final double BUSY = 0.9;

    private Sentences() { }

    /** Describes the load. */
    static String load(LoadResult result) {
        LoadSettings settings = result.settings();
        Pace pace = settings.pace();
        Span span = settings.span();
        List<String> parts = new ArrayList<>();
        parts.add(settings.target().url());
        parts.add(kind(settings));
        parts.add(count(pace.connections(), "connection"));
        if (settings.target().connectPerRequest()) {
            parts.add("one request each");
        }
        parts.add(count(pace.threads(), "thread"));
        String warmUp = span.warmUp().isZero() ? "" : " after " + seconds(span.warmUp()) + " of warm-up";
        if (pace.requests() != Pace.UNLIMITED) {
            parts.add(count(pace.requests(), "request") + warmUp);
        } else {
            parts.add(seconds(span.duration()) + warmUp);
        }
        return String.join(", ", parts);
    }

    /** The caveats that a reader of the numbers should know. */
    static List<String> notes(LoadResult result) {
        List<String> notes = new ArrayList<>();
        boolean open = result.settings().pace().isOpenLoop();
        if (result.seconds() == 0) {
            notes.add("The run was ended in its warm-up, so nothing was measured.");
        }
        if (result.totals().unsent() > 0) {
            notes.add("The rate was not kept: unsent requests were due while all connections waited for answers.");
        }
        if (result.sinceDue() != null && result.sinceDue().getTotalCount() > 0) {
            notes.add("Corrected latencies count from when a request was due, uncorrected ones from when it was sent.");
        }
        if (!open && result.busyShare() >= BUSY) {
            notes.add(Numbers.text("The load generator's threads were %.0f %% busy: "
                    + "the server may be able to do more. Try more --threads.", result.busyShare() * 100));
        }
        return notes;
    }

    static String count(long number, String noun) {
        return Numbers.text("%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    private static String kind(LoadSettings settings) {
        Mode mode = settings.target().mode();
        if (mode.isBulk()) {
            return mode.label();
        }
        double rate = settings.pace().ratePerSecond();
        return mode.label() + (settings.pace().isOpenLoop()
                ? Numbers.text(", open loop at %s/s", number(rate)) : ", closed loop");
    }

    private static String number(double rate) {
        return rate == Math.rint(rate) ? Numbers.text("%,.0f", rate) : Double.toString(rate);
    }

    private static String seconds(Duration duration) {
        return number(duration.toMillis() / 1000.0) + " s";
    }
}
