package io.sluice.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a chart: maps values to places, and has the marked values. Immutable.
 *
 * @param title the quantity, with the unit
 * @param scale maps a value to a number that grows evenly along the axis
 * @param from  the least value
 * @param to    the greatest value
 * @param ticks the marked values
 */
record Axis(String title, Scale scale, double from, double to, List<Tick> ticks) {

    private static final int WANTED_TICKS = 5;
    private static final double[] STEPS = {1, 2, 5};

    /** Maps a value to a number that grows evenly along the axis. */
    @FunctionalInterface
    interface Scale {
        double of(double value);
    }

    /** A marked value and its label. */
    record Tick(double value, String label) { }

    /** A linear axis, from zero to the next mark above the greatest value. */
    static Axis linear(String title, double greatest) {
        double step = step(Math.max(greatest, Double.MIN_NORMAL) / WANTED_TICKS);
        double to = Math.max(1, Math.ceil(greatest / step)) * step;
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i * step <= to * 1.0001; i++) {
            ticks.add(new Tick(i * step, number(i * step)));
        }
        return new Axis(title, value -> value, 0, to, ticks);
    }

    /** A logarithmic axis, with marks at 1, 2 and 5 times each power of ten. */
    static Axis logarithmic(String title, double least, double greatest) {
        double from = stepBelow(least);
        double to = from;
        List<Tick> ticks = new ArrayList<>();
        for (double mark = from; to < greatest || ticks.size() < 2; mark = step(mark * 1.5)) {
            ticks.add(new Tick(mark, number(mark)));
            to = mark;
        }
        return new Axis(title, Math::log10, from, to, ticks);
    }

    /** An axis of percentiles, on which each further nine takes the same room. */
    static Axis percentiles(double greatest) {
        List<Tick> ticks = new ArrayList<>();
        for (double mark : new double[] {0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999}) {
            if (mark <= greatest) {
                ticks.add(new Tick(mark, Numbers.percentile(mark)));
            }
        }
        return new Axis("percentile", value -> -Math.log10(1 - value / 100), 0, greatest, ticks);
    }

    /** The place of a value: 0 at the start of the axis, 1 at its end. */
    double place(double value) {
        double start = scale.of(from);
        return (scale.of(Math.clamp(value, from, to)) - start) / (scale.of(to) - start);
    }

    /** The least of 1, 2 and 5 times a power of ten that is at least {@code least}. */
    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double step : STEPS) {
            if (step * power >= least * 0.9999) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static double stepBelow(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        double below = power;
        for (double step : STEPS) {
            if (step * power <= value) {
                below = step * power;
            }
        }
        return below;
    }

    private static String number(double value) {
        double rounded = Numbers.rounded(value, 6);
        return rounded == Math.rint(rounded) ? Numbers.text("%,.0f", rounded) : Double.toString(rounded);
    }
}
