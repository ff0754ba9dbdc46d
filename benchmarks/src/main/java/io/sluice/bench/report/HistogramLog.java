package io.sluice.bench.report;

import io.sluice.bench.load.LoadResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Writes the distribution of latencies, in milliseconds, in the format of HdrHistogram's plotter. */
public final class HistogramLog {

    /** The number of lines for each halving of the distance to the maximum. */
    private static final int STEPS_PER_HALF = 5;

    private HistogramLog() { }

    public static String of(LoadResult result) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.US_ASCII);
        result.latency().outputPercentileDistribution(out, STEPS_PER_HALF, Numbers.MS_NS);
        out.flush();
        return bytes.toString(StandardCharsets.US_ASCII);
    }
}
