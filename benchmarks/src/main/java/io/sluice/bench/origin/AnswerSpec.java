package io.sluice.bench.origin;

import io.sluice.bench.Quantities;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer that a URL's query asks for, such as {@code ?size=16k&delay=50ms&error=1%}. Immutable.
 *
 * @param sizeBytes the size of the body
 * @param delay     the time before the answer
 * @param status    200 to 599
 * @param errorPpm  how many of a million answers are a 500 instead, evenly spread
 * @param resetPpm  how many of a million requests have their connection reset instead, evenly spread
 */
record AnswerSpec(long sizeBytes, Duration delay, int status, int errorPpm, int resetPpm) {

    static final AnswerSpec DEFAULT = new AnswerSpec(128, Duration.ZERO, 200, 0, 0);

    private static final Pattern STATUS = Pattern.compile("[2-5]\\d\\d");
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,4})?)(?:%|%25)");
    private static final int ALL_PERCENT = 100;
    private static final double PPM_PER_PERCENT = 10_000;

    /**
     * Reads a query without its question mark.
     *
     * @throws IllegalArgumentException if a parameter is unknown or invalid, saying what is possible
     */
    static AnswerSpec parse(String query) {
        AnswerSpec spec = DEFAULT;
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String key = equals < 0 ? pair : pair.substring(0, equals);
                spec = spec.with(key, equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return spec;
    }

    private AnswerSpec with(String key, String value) {
        return switch (key) {
            case "size" -> new AnswerSpec(Quantities.sizeBytes(value), delay, status, errorPpm, resetPpm);
            case "delay" -> new AnswerSpec(sizeBytes, Quantities.duration(value), status, errorPpm, resetPpm);
            case "status" -> new AnswerSpec(sizeBytes, delay, status(value), errorPpm, resetPpm);
            case "error" -> new AnswerSpec(sizeBytes, delay, status, share("error", value), resetPpm);
            case "reset" -> new AnswerSpec(sizeBytes, delay, status, errorPpm, share("reset", value));
            default -> throw new IllegalArgumentException(
                    "unknown: " + key + "; there are size, delay, status, error and reset");
        };
    }

    private static int status(String value) {
        if (!STATUS.matcher(value).matches()) {
            throw new IllegalArgumentException("status is a number from 200 to 599");
        }
        return Integer.parseInt(value);
    }

    private static int share(String key, String value) {
        Matcher share = SHARE.matcher(value);
        if (share.matches() && Double.parseDouble(share.group(1)) <= ALL_PERCENT) {
            return (int) Math.round(Double.parseDouble(share.group(1)) * PPM_PER_PERCENT);
        }
        throw new IllegalArgumentException(key + " is a share, such as 1% or 0.05%");
    }
}
