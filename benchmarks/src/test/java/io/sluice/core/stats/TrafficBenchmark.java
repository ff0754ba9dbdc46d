package io.sluice.core.stats;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to count and to time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TrafficBenchmark {

    private final PerWorker<Traffic> listener = new PerWorker<>(Traffic::new);
    private final PerWorker<Traffic> route = new PerWorker<>(Traffic::new);
    private final PerWorker<Traffic> server = new PerWorker<>(Traffic::new);
    private final Traffic ofListener = listener.of(3);
    private final Traffic ofRoute = route.of(3);
    private long ns;

    @Setup
    public void fill() {
        for (int i = 0; i < 10_000; i++) {
            ofListener.record(Latency.TOTAL, nextNs());
        }
    }

    /** One time. */
    @Benchmark
    public void record() {
        ofListener.record(Latency.TOTAL, nextNs());
    }

    /** All that an HTTP exchange on a kept connection adds up to. */
    @Benchmark
    public void exchange() {
        long totalNs = nextNs();
        Traffic ofServer = server.of(3);
        ofListener.add(TrafficCount.RECEIVED_BYTES, 100);
        ofServer.set(TrafficCount.IDLE, 1);
        ofServer.record(Latency.QUEUE, 0);
        ofServer.add(TrafficCount.SENT_BYTES, 120);
        ofServer.add(TrafficCount.RECEIVED_BYTES, 300);
        ofServer.set(TrafficCount.IDLE, 2);
        ofListener.add(TrafficCount.SENT_BYTES, 300);
        ofListener.count(TrafficCount.ofStatus(200));
        ofListener.record(Latency.TOTAL, totalNs);
        ofRoute.count(TrafficCount.ofStatus(200));
        ofRoute.record(Latency.TOTAL, totalNs);
        ofServer.record(Latency.TOTAL, totalNs);
        ofServer.count(TrafficCount.ofStatus(200));
        ofServer.record(Latency.FIRST_BYTE, totalNs - 1000);
    }

    /** Copying a distribution and telling a percentile, which is for the control plane. */
    @Benchmark
    public long read() {
        return Distribution.of(listener, Latency.TOTAL, Distribution.NOTHING).quantileNs(0.99);
    }

    private long nextNs() {
        ns = ns * 6364136223846793005L + 1442695040888963407L;
        return 50_000 + (ns >>> 44);
    }
}
