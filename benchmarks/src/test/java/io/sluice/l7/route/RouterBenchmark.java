package io.sluice.l7.route;

import io.sluice.config.RouteConfig;
import java.util.List;
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

/** Finding a route among many: ten for each host, by prefix, the hosts exact or below a wildcard. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouterBenchmark {

    private static final int ROUTES_A_HOST = 10;
    /** Different ones in turn, a power of two: the table is not always in the cache. */
    private static final int REQUESTS = 64;

    @Param({"10", "1000", "100000"})
    int routes;

    private final RoutedRequest[] exact = new RoutedRequest[REQUESTS];
    private final RoutedRequest[] wildcard = new RoutedRequest[REQUESTS];
    private RoutedRequest absent;
    private Router router;
    private int next;

    @Setup
    public void compile() {
        List<RouteConfig> configs = IntStream.range(0, routes).mapToObj(RouterBenchmark::route).toList();
        router = new Router(configs);
        for (int i = 0; i < REQUESTS; i++) {
            int index = (int) ((long) routes * i / REQUESTS);
            int host = 2 * (index / ROUTES_A_HOST / 2);
            String target = "/service-" + index % ROUTES_A_HOST + "/orders/7340?expand=items";
            exact[i] = request("host-" + host + ".example.com", target);
            wildcard[i] = request("a.host-" + Math.min(host + 1, routes / ROUTES_A_HOST) + ".example.com", target);
        }
        absent = request("nowhere.example.net", "/service-1/orders/7340");
    }

    private static RoutedRequest request(String host, String target) {
        return new RoutedRequest(Requests.get(host, target), true);
    }

    private static RouteConfig route(int index) {
        int host = index / ROUTES_A_HOST;
        String name = (host % 2 == 0 ? "" : "*.") + "host-" + host + ".example.com";
        return Requests.toPool("r" + index, Requests.match(name, "/service-" + index % ROUTES_A_HOST + "/**"));
    }

    @Benchmark
    public Route exactHost() {
        return match(exact[next++ & REQUESTS - 1]);
    }

    @Benchmark
    public Route wildcardHost() {
        return match(wildcard[next++ & REQUESTS - 1]);
    }

    @Benchmark
    public Route noRoute() {
        return match(absent);
    }

    private Route match(RoutedRequest request) {
        request.take(Requests.CLIENT);
        return router.match(request);
    }
}
