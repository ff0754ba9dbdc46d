package io.sluice.bench.report;

import java.util.Locale;

/** Formats numbers for reports. */
final class Numbers {

    static final double MB = 1e6;
    static final double MS_NS = 1e6;
    /** The percentiles reported; the last one is the maximum. */
    static final double[] PERCENTILES = {50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 100};

    private Numbers() { }

    /** Formats independently of the locale. */
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** Milliseconds, to the microsecond. */
    static String ms(double ns) {
        return text("%,.3f ms", ns / MS_NS);
    }

    /** Milliseconds, rounded to the microsecond, for programs. */
    static double roundedMs(double ns) {
        return rounded(ns / MS_NS, 3);
    }

    static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }

    /** A percentile without trailing zeros. */
    static String percentile(double percentile) {
        if (percentile == 100) {
            return "max";
        }
        return percentile == Math.rint(percentile) ? Integer.toString((int) percentile) : Double.toString(percentile);
    }
}
