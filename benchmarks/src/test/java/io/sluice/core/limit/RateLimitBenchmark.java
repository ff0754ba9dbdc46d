package io.sluice.core.limit;

import io.sluice.config.Rate;
import io.sluice.config.RateLimitConfig;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counting clients against a rate limit, of which so many come in turn. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RateLimitBenchmark {

    @Param({"1", "20000"})
    int clients;

    private final RateLimit passing =
            new RateLimit(new RateLimitConfig(Rate.perSecond(100_000_000), RateLimitConfig.MOST_BURST,
                    RateLimitConfig.BY_CLIENT, false));
    private final RateLimit refusing =
            new RateLimit(new RateLimitConfig(new Rate(1, Rate.Per.HOUR), 1, RateLimitConfig.BY_CLIENT, false));
    private final byte[] address = {10, 0, 0, 0};
    private int client;
    private long nowNs;

    @Benchmark
    public long passes() {
        return passing.takeClient(nextAddress(), nowNs += 1000);
    }

    @Benchmark
    public long isRefused() {
        return refusing.takeClient(nextAddress(), nowNs);
    }

    private byte[] nextAddress() {
        client = client + 1 < clients ? client + 1 : 0;
        address[2] = (byte) (client >> 8);
        address[3] = (byte) client;
        return address;
    }
}
