package io.sluice.core.limit;

import io.sluice.core.pool.Hash64;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Counting a connection and its end, among clients that are connected already. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClientCountsBenchmark {

    @Param({"10", "1000", "100000"})
    int clients;

    private final ClientCounts counts = new ClientCounts();

    @Setup
    public void connect() {
        for (int client = 0; client < clients; client++) {
            counts.tryAcquire(client, 1);
        }
    }

    /** A client that has a connection. */
    @Benchmark
    public int another(Source source) {
        return come(source.next() % clients);
    }

    /** A client that has none, whose slot is free again afterwards. */
    @Benchmark
    public int first(Source source) {
        return come(clients + source.next());
    }

    private int come(long client) {
        int slot = counts.tryAcquire(client, Integer.MAX_VALUE);
        counts.release(slot);
        return slot;
    }

    /** Each thread's own clients. */
    @State(Scope.Thread)
    public static class Source {

        private long last = Thread.currentThread().threadId() << Integer.SIZE;

        long next() {
            return Hash64.mix(++last) >>> 1;
        }
    }
}
