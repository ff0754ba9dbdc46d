package io.sluice.l7.http;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finding a field in a browser's head: one that the codec knows, and one by its name, which is last or not there. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderLookupBenchmark {

    private final RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
    private final byte[] last = "cookie".getBytes(StandardCharsets.US_ASCII);
    private final byte[] absent = "x-beta".getBytes(StandardCharsets.US_ASCII);
    private KnownField field = KnownField.CONNECTION;

    @Setup
    public void parse() {
        parser.parse(RealHeads.BROWSER_REQUEST.inBuffer());
    }

    @Benchmark
    public int known() {
        return parser.fields().find(field);
    }

    @Benchmark
    public int byNameLast() {
        return parser.fields().find(last);
    }

    @Benchmark
    public int byNameAbsent() {
        return parser.fields().find(absent);
    }
}
