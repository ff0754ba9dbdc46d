package io.sluice.config.parse;

import static java.util.Map.entry;

import io.sluice.config.Rate;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of durations and sizes, and how these are written. */
public final class Quantities {

    /** In practice endless, and short enough for nanoseconds in a long. */
    private static final long MAX_DURATION_MS = Duration.ofDays(365).toMillis();

    private static final Units TIME = new Units("a duration such as 500ms, 2s, 5m, 1h or 1d",
            Words.inOrder(entry("ms", 1L), entry("s", 1000L), entry("m", 60_000L), entry("h", 3_600_000L),
                    entry("d", 86_400_000L)),
            Map.of("sec", "s", "second", "s", "seconds", "s", "min", "m", "minute", "m", "minutes", "m", "hour", "h",
                    "hours", "h", "day", "d", "days", "d"));
    private static final Units SHORT_TIME = new Units("a duration such as 50us or 1ms",
            Words.inOrder(entry("us", 1L), entry("ms", 1000L), entry("s", 1_000_000L)),
            Map.of("usec", "us", "micros", "us"));
    private static final Units BYTES = new Units("a size such as 64KiB, 1MiB, 1GiB, 500KB or 4096",
            Words.inOrder(entry("", 1L), entry("B", 1L), entry("KB", 1000L), entry("MB", 1000_000L),
                    entry("GB", 1000_000_000L), entry("KiB", 1L << 10), entry("MiB", 1L << 20), entry("GiB", 1L << 30)),
            Map.of("k", "KiB", "m", "MiB", "g", "GiB"));

    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,8})/([A-Za-z]+)");
    private static final SequencedMap<String, Rate.Per> PERIODS = periods();

    private Quantities() { }

    /** Longer than zero, at most 365 days. */
    static Scalar<Duration> duration() {
        Map<String, Object> schema = Json.object("type", "string", "pattern", TIME.pattern());
        return new Scalar<>("duration", schema, text -> Duration.ofMillis(TIME.parse(text, 1, MAX_DURATION_MS)),
                Quantities::durationText);
    }

    /** As {@link #duration}, or zero. */
    static Scalar<Duration> durationOrZero() {
        Map<String, Object> schema = Json.object("anyOf", List.of(duration().schema(), Json.object("const", 0)));
        return new Scalar<>("duration or `0s`", schema,
                text -> Duration.ofMillis(TIME.parse(text, 0, MAX_DURATION_MS)),
                duration -> duration.isZero() ? "0s" : durationText(duration));
    }

    /** In microseconds: longer than zero, at most a second. */
    static Scalar<Duration> shortDuration() {
        Map<String, Object> schema = Json.object("type", "string", "pattern", SHORT_TIME.pattern());
        return new Scalar<>("duration from `1us` to `1s`", schema,
                text -> Duration.of(SHORT_TIME.parse(text, 1, 1_000_000), ChronoUnit.MICROS),
                duration -> SHORT_TIME.write(duration.toNanos() / 1000));
    }

    /** A size in bytes. */
    static Scalar<Long> size(long leastBytes, long mostBytes) {
        Map<String, Object> schema = Json.object("anyOf", List.of(
                Json.object("type", "string", "pattern", BYTES.pattern()),
                Json.object("type", "integer", "minimum", leastBytes, "maximum", mostBytes)));
        String values = "size from `" + BYTES.write(leastBytes) + "` to `" + BYTES.write(mostBytes) + "`";
        return new Scalar<>(values, schema, text -> BYTES.parse(text, leastBytes, mostBytes), BYTES::write);
    }

    /** As a configuration has it: {@code 5m}. */
    public static String durationText(Duration duration) {
        return TIME.write(duration.toMillis());
    }

    /** As a configuration has it: {@code 1GiB}. */
    public static String sizeText(long bytes) {
        return BYTES.write(bytes);
    }

    /** At least one per second, minute or hour. */
    static Scalar<Rate> rate() {
        String pattern = "^[1-9][0-9]{0,8}/(" + String.join("|", PERIODS.keySet()) + ")$";
        return new Scalar<>("rate such as `200/s`, `5/min` or `100/h`",
                Json.object("type", "string", "pattern", pattern), Quantities::toRate, Rate::toString);
    }

    private static Rate toRate(String text) throws InvalidValueException {
        Matcher matcher = RATE.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException("expected a rate such as 200/s, 5/min or 100/h, not " + Nodes.quoted(text),
                    rateInstead(text));
        }
        String period = matcher.group(2);
        if (!PERIODS.containsKey(period)) {
            throw new InvalidValueException("unknown unit " + Nodes.quoted(period),
                    period.equals("m") ? "write " + matcher.group(1) + "/min if minutes are meant"
                            : Nearest.hint(period, PERIODS.keySet()));
        }
        return new Rate(Integer.parseInt(matcher.group(1)), PERIODS.get(period));
    }

    /** A hint for a number without its period, and for nginx's {@code 10r/s}; null: none. */
    private static String rateInstead(String text) {
        if (text.matches("[1-9][0-9]*")) {
            return "write " + text + "/s if seconds are meant";
        }
        return text.matches("[1-9][0-9]*r/[sm]") ? "write " + text.replace("r/m", "/min").replace("r/s", "/s") : null;
    }

    private static SequencedMap<String, Rate.Per> periods() {
        SequencedMap<String, Rate.Per> periods = new LinkedHashMap<>();
        for (Rate.Per per : Rate.Per.values()) {
            periods.put(per.word(), per);
        }
        return periods;
    }
}
