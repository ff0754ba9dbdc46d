package io.sluice.l7.route;

import io.sluice.config.Cidr;
import io.sluice.core.address.CidrSet;
import io.sluice.l7.http.HeaderFields;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finding the client behind a trusted proxy, or two. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ForwardedForBenchmark {

    @Param({"203.0.113.9", "203.0.113.9, 10.1.1.1", "6.6.6.6, [2001:db8::9]:443, 10.1.1.1"})
    String list;

    private final ForwardedFor forwardedFor =
            new ForwardedFor(new CidrSet(List.of(new Cidr(InetAddress.ofLiteral("10.0.0.0"), 8))));
    private HeaderFields fields;

    @Setup
    public void parse() {
        fields = Requests.parse("GET / HTTP/1.1^^Host: shop.example.com^^User-Agent: curl/8.0^^Accept: */*^^"
                + "X-Forwarded-For: " + list + "^^X-Forwarded-Proto: https").fields();
    }

    @Benchmark
    public long find() {
        return forwardedFor.find(fields).hash();
    }
}
