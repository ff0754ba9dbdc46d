package io.sluice.l7.route;

import io.sluice.config.RateLimitConfig;
import io.sluice.config.RequestKey;
import io.sluice.core.limit.RateLimit;

/** How often the requests of a route may come: finds the part of a request by which they are counted. Immutable. */
public final class RequestLimit {

    private final RateLimit limit;
    /** Null if all requests are counted together. */
    private final RequestKey.Part part;
    /** Null if it is not by its name that the part is found. */
    private final RequestPart named;

    public RequestLimit(RateLimit limit) {
        this.limit = limit;
        part = limit.config().by().map(RequestKey::part).orElse(null);
        named = named(limit.config());
    }

    /** What the route says. */
    public RateLimitConfig config() {
        return limit.config();
    }

    /** Whether a route's limit is for this request: whether that has the part. An empty part counts as none. */
    public static boolean isFor(RoutedRequest request, RateLimitConfig config) {
        RequestPart named = named(config);
        return named == null || named.findValue(request);
    }

    private static RequestPart named(RateLimitConfig config) {
        return config.by().map(RequestPart::of).orElse(null);
    }

    /** The request comes. @return as {@link RateLimit#takeClient} */
    public long take(RoutedRequest request, long nowNs) {
        RequestPath path = request.path();
        return switch (part) {
            case null -> limit.take(Bytes.NONE, 0, 0, nowNs);
            case CLIENT -> limit.takeClient(request.client().address(), nowNs);
            case PATH -> limit.take(path.bytes(), path.offset(), path.offset() + path.length(), nowNs);
            case HEADER, COOKIE, QUERY -> named.findValue(request)
                    ? limit.take(request.head().bytes(), request.found().from, request.found().to, nowNs)
                    : RateLimit.PASSES;
        };
    }
}
