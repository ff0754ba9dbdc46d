package io.sluice.core.pool;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Building the look-up table of consistent hashing, as happens whenever a server comes, goes or changes its weight. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MaglevBenchmark {

    @Param({"3", "100", "4000"})
    int servers;

    private String[] names;
    private int[] weights;

    @Setup
    public void name() {
        names = IntStream.range(0, servers).mapToObj(i -> "server-" + i).toArray(String[]::new);
        weights = IntStream.range(0, servers).map(i -> 1 + i % 3).toArray();
    }

    @Benchmark
    public Object build() {
        return new MaglevTable(names, weights);
    }
}
