package io.sluice.l7.route;

import io.sluice.config.RateLimitConfig;
import io.sluice.config.RequestKey;
import io.sluice.config.RouteConfig;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.RequestParser;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One route of a listener, compiled for one of its paths. Immutable. */
public final class Route {

    private final int index;
    private final String name;
    private final PathPattern pattern;
    private final Action action;
    private final Rewrite rewrite;
    private final HeaderEdits requestEdits;
    private final HeaderEdits responseEdits;
    private final Conditions conditions;
    private final OptionalLong bodyBytes;
    private final OptionalLong responseNs;
    private final OptionalLong serverNs;
    private final OptionalLong tunnelNs;

    private Route(int index, RouteConfig config, PathPattern pattern) {
        this.index = index;
        name = config.name();
        this.pattern = pattern;
        conditions = new Conditions(config.match());
        rewrite = new Rewrite(config.rewrite());
        requestEdits = new HeaderEdits(config.requestHeaders(), countedHeader(config));
        responseEdits = new HeaderEdits(config.responseHeaders());
        bodyBytes = config.limits().bodyBytes().map(OptionalLong::of).orElse(OptionalLong.empty());
        responseNs = nanos(config.timeouts().response());
        serverNs = nanos(config.timeouts().server());
        tunnelNs = nanos(config.timeouts().tunnel());
        action = switch (config.action()) {
            case RouteConfig.Action.ToPool to -> new ToPool(to.pool());
            case RouteConfig.Action.Split split -> new Split(split);
            case RouteConfig.Action.Redirect redirect -> new Redirect(redirect, pattern);
            case RouteConfig.Action.Respond respond ->
                    new Respond(respond.status(), Bytes.of(respond.contentType()), Bytes.of(respond.body()));
        };
    }

    private static Optional<String> countedHeader(RouteConfig config) {
        return config.rateLimit().filter(limit -> !limit.dryRun()).flatMap(RateLimitConfig::by)
                .filter(key -> key.part() == RequestKey.Part.HEADER).map(RequestKey::name);
    }

    private static OptionalLong nanos(Optional<Duration> limit) {
        return limit.map(Duration::toNanos).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /**
     * Compiles a route, once for each of its paths, because the target of a redirect depends on the path that matched.
     *
     * @param index the number of the route within its listener, from 0
     */
    static List<Route> compiled(int index, RouteConfig config) {
        List<String> paths = config.match().paths();
        return paths.isEmpty() ? List.of(new Route(index, config, PathPattern.ANY))
                : paths.stream().map(path -> new Route(index, config, PathPattern.of(path))).toList();
    }

    /** The number of the route within its listener, from 0. */
    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

    PathPattern pattern() {
        return pattern;
    }

    public Action action() {
        return action;
    }

    public Rewrite rewrite() {
        return rewrite;
    }

    public HeaderEdits requestEdits() {
        return requestEdits;
    }

    public HeaderEdits responseEdits() {
        return responseEdits;
    }

    /** The most bytes of a request's body; empty: the listener says. */
    public OptionalLong bodyBytes() {
        return bodyBytes;
    }

    /** Time limit from the end of a request to the head of its response; empty: the pool says. */
    public OptionalLong responseNs() {
        return responseNs;
    }

    /** Time limit for a server connection on which no byte moves; empty: the pool says. */
    public OptionalLong serverNs() {
        return serverNs;
    }

    /** Time limit for an upgraded connection on which no byte moves; empty: the listener says. */
    public OptionalLong tunnelNs() {
        return tunnelNs;
    }

    boolean takes(RoutedRequest request) {
        return conditions.hold(request);
    }

    /** What happens to a request. */
    public sealed interface Action { }

    /** Forwards the request to the pool of that name. */
    public record ToPool(String pool) implements Action { }

    /** Sluice answers the request itself. The arrays must not be changed. */
    public record Respond(int status, byte[] contentType, byte[] body) implements Action { }

    /** Forwards the request to one of several pools, by shares in steps of 0.01 %. Immutable. */
    public static final class Split implements Action {

        private static final int STEPS = 100 * RouteConfig.Action.Split.STEPS_PER_PERCENT;

        private final String[] pools;
        /** Where each pool's share ends, in steps; the last is {@link #STEPS}. */
        private final int[] ends;
        private final KeyHash key;

        Split(RouteConfig.Action.Split config) {
            pools = config.shares().stream().map(RouteConfig.Share::pool).toArray(String[]::new);
            ends = new int[pools.length];
            int end = 0;
            for (int i = 0; i < ends.length; i++) {
                end += config.shares().get(i).steps();
                ends[i] = end;
            }
            key = config.by().map(KeyHash::new).orElse(null);
        }

        /** The name of one of the pools: always the same for equal keys, random for requests without a key. */
        public String choose(RoutedRequest request) {
            int step = key != null && key.has(request)
                    ? (int) Long.remainderUnsigned(key.of(request), STEPS)
                    : ThreadLocalRandom.current().nextInt(STEPS);
            int share = 0;
            while (ends[share] <= step) {
                share++;
            }
            return pools[share];
        }
    }

    /** Redirects the client. Immutable. */
    public static final class Redirect implements Action {

        private static final Pattern SAME_HOST = Pattern.compile("^(?<scheme>https?://)\\*");

        private final int status;
        /** What precedes the host that the client asked for; null if the target has its own host, or none. */
        private final byte[] scheme;
        /** The target, or what follows that host. */
        private final byte[] to;
        private final boolean appends;
        private final PathPattern pattern;

        Redirect(RouteConfig.Action.Redirect config, PathPattern pattern) {
            status = config.status();
            Matcher sameHost = SAME_HOST.matcher(config.to());
            scheme = sameHost.lookingAt() ? Bytes.of(sameHost.group("scheme")) : null;
            to = Bytes.of(sameHost.replaceFirst(""));
            appends = config.to().endsWith("/");
            this.pattern = pattern;
        }

        public int status() {
            return status;
        }

        /** Whether it leads to the host that the client asked for, so the request must have one. */
        public boolean needsHost() {
            return scheme != null;
        }

        /** Writes the target. If it ends with a slash, the path after the matched prefix and the query follow. */
        public void putLocation(RoutedRequest request, HeadWriter writer) {
            RequestParser head = request.head();
            if (needsHost()) {
                writer.put(scheme).put(head.bytes(), head.hostOffset(), head.hostLength());
            }
            writer.put(to);
            if (appends) {
                RequestPath path = request.path();
                byte[] bytes = path.bytes();
                int end = path.offset() + path.length();
                int from = Math.min(end, path.offset() + pattern.prefixLength());
                // Two slashes at the start of a location would name another host.
                while (from < end && bytes[from] == '/') {
                    from++;
                }
                writer.put(bytes, from, end - from);
                writer.put(head.bytes(), head.queryOffset(), head.queryLength());
            }
        }
    }
}
