package io.sluice.bench;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses sizes and times as people write them, such as {@code 16k} and {@code 50ms}. Safe from any thread. */
public final class Quantities {

    /** 1 TiB. */
    public static final long MOST_BYTES = 1L << 40;
    public static final Duration LONGEST = Duration.ofHours(24);

    private static final Pattern SIZE = Pattern.compile("(\\d{1,13})([kmg]?)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,8})(us|ms|s|m|h)");

    private Quantities() { }

    /**
     * A number of bytes, up to {@link #MOST_BYTES}; k, m and g are powers of 1024.
     *
     * @throws IllegalArgumentException if it is none, saying what one looks like
     */
    public static long sizeBytes(String text) {
        Matcher size = SIZE.matcher(text);
        if (size.matches()) {
            int shift = switch (size.group(2)) {
                case "k" -> 10;
                case "m" -> 20;
                case "g" -> 30;
                default -> 0;
            };
            long number = Long.parseLong(size.group(1));
            if (number <= MOST_BYTES >> shift) {
                return number << shift;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a size up to 1024g, such as 128, 16k or 10m");
    }

    /**
     * A time, up to {@link #LONGEST}; always with a unit.
     *
     * @throws IllegalArgumentException if it is none, saying what one looks like
     */
    public static Duration duration(String text) {
        Matcher time = TIME.matcher(text);
        if (time.matches()) {
            long number = Long.parseLong(time.group(1));
            Duration duration = switch (time.group(2)) {
                case "us" -> Duration.ofNanos(number * 1000);
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
            if (duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a time up to 24h, such as 500us, 50ms, 10s or 2m");
    }
}
