package io.sluice.bench.load;

import io.sluice.l7.http.HttpMethod;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Runs of load against servers of the test's own. */
final class Loads {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private Loads() { }

    /** A GET of the path. */
    static Target http(InetSocketAddress address, String path, boolean connectPerRequest) {
        return http(address, "GET", path, new byte[0], connectPerRequest);
    }

    static Target http(InetSocketAddress address, String method, String path, byte[] body, boolean closing) {
        String url = "http://127.0.0.1:" + address.getPort() + path;
        HttpRequest request = HttpRequest.of(method, TargetUrl.parse(url), List.of(), body, closing);
        return new Target(url, address, Mode.HTTP, request.method(), request.bytes(), closing);
    }

    static Target tcp(InetSocketAddress address, Mode mode, int size, boolean connectPerRequest) {
        return new Target("tcp://127.0.0.1:" + address.getPort(), address, mode, HttpMethod.OTHER, new byte[size],
                connectPerRequest);
    }

    /** So many requests in a closed loop. */
    static LoadResult requests(Target target, int threads, int connections, long requests) throws InterruptedException {
        return requests(target, new Pace(threads, connections, Pace.CLOSED_LOOP, requests), TIMEOUT);
    }

    static LoadResult requests(Target target, Pace pace, Duration timeout) throws InterruptedException {
        return run(new LoadSettings(target, pace, new Span(Duration.ZERO, Span.UNLIMITED, timeout)));
    }

    static LoadResult run(LoadSettings settings) throws InterruptedException {
        return toEnd(LoadRun.start(settings));
    }

    static LoadResult toEnd(LoadRun run) throws InterruptedException {
        run.awaitMeasurement();
        Moment moment = run.awaitMoment();
        while (moment != null) {
            moment = run.awaitMoment();
        }
        return run.result();
    }
}
