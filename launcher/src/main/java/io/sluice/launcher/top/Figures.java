package io.sluice.launcher.top;

import java.time.Duration;
import java.util.Locale;

/** Formats numbers for people, in few characters. A missing value is a dash. Safe from any thread. */
final class Figures {

    static final String NONE = "-";

    private static final String[] LARGE = {"", "k", "M", "G", "T"};
    private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB"};

    private Figures() { }

    /** 12345 as 12k. */
    static String count(double value) {
        return scaled(value, LARGE, "");
    }

    /** Bytes per second, without the unit of time. */
    static String bytes(double value) {
        return scaled(Math.rint(value), BYTES, " ");
    }

    /** A share as a percentage. */
    static String percent(double share) {
        return Math.round(100 * share) + "%";
    }

    /** A latency. @param seconds null if there is none */
    static String seconds(Double seconds) {
        if (seconds == null) {
            return NONE;
        }
        if (seconds < 0.000_999_5) {
            return Math.round(seconds * 1e6) + "us";
        }
        if (seconds < 0.999_5) {
            return digits(seconds * 1e3) + "ms";
        }
        return seconds < 60 ? digits(seconds) + "s" : span(seconds);
    }

    /** A long time, in its two largest units. */
    static String span(double seconds) {
        Duration time = Duration.ofSeconds((long) Math.max(0, seconds));
        if (time.toDays() > 0) {
            return time.toDays() + "d " + time.toHoursPart() + "h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h " + time.toMinutesPart() + "m";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + "m " + time.toSecondsPart() + "s" : time.toSeconds() + "s";
    }

    private static String scaled(double value, String[] units, String between) {
        int scale = 0;
        double rest = value;
        while (rest >= 999.5 && scale < units.length - 1) {
            rest /= 1000;
            scale++;
        }
        String number = scale == 0 && rest == Math.rint(rest) ? Long.toString((long) rest) : digits(rest);
        return number + between + units[scale];
    }

    /** At least two digits, except for zero. */
    private static String digits(double value) {
        if (value == 0) {
            return "0";
        }
        return value < 10 ? String.format(Locale.ROOT, "%.1f", value) : Long.toString(Math.round(value));
    }
}
