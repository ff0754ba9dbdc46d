package io.sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One rule of an HTTP listener: which requests it takes, and what happens to them. Immutable.
 *
 * @param name            for logs and metrics; the parser makes {@code route-N} if none is written
 * @param match           the conditions of requests
 * @param action          what happens to matching requests
 * @param rewrite         how the path changes on the way to a server
 * @param requestHeaders  how the request's fields change on the way to a server
 * @param responseHeaders how the response's fields change on the way to the client
 * @param rateLimit       how often requests may come; empty: as often as they like
 * @param limits          in place of the listener's; only for routes that lead to a pool
 * @param timeouts        in place of the pool's and the listener's; only for routes that lead to a pool
 */
public record RouteConfig(
        String name,
        Match match,
        Action action,
        Rewrite rewrite,
        HeaderRules requestHeaders,
        HeaderRules responseHeaders,
        Optional<RateLimitConfig> rateLimit,
        Limits limits,
        Timeouts timeouts) {

    public RouteConfig {
        Checks.name("route", name);
        boolean forwards = !action.poolNames().isEmpty();
        Checks.that(forwards || limits.equals(Limits.NONE) && timeouts.equals(Timeouts.NONE),
                "limits and timeouts are for routes with a pool or a split");
    }

    /**
     * The conditions of a route, all of which must hold. Header, query and cookie names map to exact values, as they
     * are on the wire; of several with one name, the first counts.
     *
     * @param hosts   of which one has to fit: exact, or {@code *.example.com} for everything below example.com; empty:
     *                any
     * @param paths   of which one has to fit: exact, or a prefix by {@code /x/*} or {@code /x/**} (both: everything
     *                below /x/, at any depth; the second also /x itself); empty: any
     * @param pathSuffixes of which the path also has to end with one; empty: any
     * @param methods empty: any
     * @param clients networks of the client's address; empty: any
     */
    public record Match(
            List<String> hosts,
            List<String> paths,
            List<String> pathSuffixes,
            List<String> methods,
            Map<String, String> headers,
            Map<String, String> query,
            Map<String, String> cookies,
            List<Cidr> clients) {

        /** Takes every request. */
        public static final Match ANY =
                new Match(List.of(), List.of(), List.of(), List.of(), Map.of(), Map.of(), Map.of(), List.of());

        public Match {
            hosts = List.copyOf(hosts);
            paths = List.copyOf(paths);
            pathSuffixes = List.copyOf(pathSuffixes);
            methods = List.copyOf(methods);
            headers = Checks.copyInOrder(headers);
            query = Checks.copyInOrder(query);
            cookies = Checks.copyInOrder(cookies);
            clients = List.copyOf(clients);
        }
    }

    /** What happens to a request. */
    public sealed interface Action {

        /** The pools that a request may go to. */
        List<String> poolNames();

        /** Forwards the request to one pool. */
        record ToPool(String pool) implements Action {
            public ToPool {
                Checks.name("pool", pool);
            }

            @Override
            public List<String> poolNames() {
                return List.of(pool);
            }
        }

        /**
         * Forwards the request to one of several pools, by their shares.
         *
         * @param by the part of the request that decides, so that a client stays with its pool; empty: at random
         */
        record Split(List<Share> shares, Optional<RequestKey> by) implements Action {

            /** A step, the unit of weights, is 0.01 %. */
            public static final int STEPS_PER_PERCENT = 100;

            public Split {
                shares = List.copyOf(shares);
                Checks.that(shares.size() >= 2, "split needs at least two pools");
                Checks.that(shares.stream().mapToInt(Share::steps).sum() == 100 * STEPS_PER_PERCENT,
                        "the weights of a split must add up to 100");
            }

            @Override
            public List<String> poolNames() {
                return shares.stream().map(Share::pool).toList();
            }
        }

        /**
         * Redirects the client.
         *
         * @param to a URI or an absolute path; if it ends with a slash, the rest of the path behind the matched prefix
         *           and the query are appended. The host {@code *} stands for the request's host
         */
        record Redirect(String to, int status) implements Action {
            public Redirect {
                Checks.that(status == 301 || status == 302 || status == 303 || status == 307 || status == 308,
                        "the status of a redirect is 301, 302, 303, 307 or 308, not " + status);
            }

            @Override
            public List<String> poolNames() {
                return List.of();
            }
        }

        /** Answers the request without a server. */
        record Respond(int status, String body, String contentType) implements Action {
            public Respond {
                Checks.inRange("status", status, 200, 599);
            }

            @Override
            public List<String> poolNames() {
                return List.of();
            }
        }
    }

    /** One side of a split. @param steps its weight in hundredths of a percent, 0 to 10,000 */
    public record Share(String pool, int steps) {
        public Share {
            Checks.name("pool", pool);
            Checks.inRange("weight", steps, 0, 100 * Action.Split.STEPS_PER_PERCENT);
        }
    }

    /**
     * How a path changes on the way to a server: first a prefix is removed, then another one is added.
     *
     * @param stripPrefix removed if it matches whole segments of the path; empty string: nothing
     * @param addPrefix   added; empty string: nothing
     */
    public record Rewrite(String stripPrefix, String addPrefix) {

        public static final Rewrite NONE = new Rewrite("", "");
    }

    /** How fields change: first fields are removed, then set (replacing all of that name), then added. */
    public record HeaderRules(List<String> remove, Map<String, String> set, Map<String, String> add) {

        public static final HeaderRules NONE = new HeaderRules(List.of(), Map.of(), Map.of());

        public HeaderRules {
            remove = List.copyOf(remove);
            set = Checks.copyInOrder(set);
            add = Checks.copyInOrder(add);
        }
    }

    /**
     * Bounds of the requests that a route takes.
     *
     * @param bodyBytes the most bytes of a request's body, {@link Long#MAX_VALUE}: unlimited; empty: the listener's
     */
    public record Limits(Optional<Long> bodyBytes) {

        public static final Limits NONE = new Limits(Optional.empty());

        public Limits {
            Checks.that(bodyBytes.orElse(0L) >= 0, "body-bytes must not be negative");
        }
    }

    /**
     * Time limits of what a route leads to. Those of connecting and queueing depend on servers alone, so only the pool
     * has them.
     *
     * @param response from the end of the request to the head of its response; empty: the pool's
     * @param server   for the server side to move a byte; empty: the pool's
     * @param tunnel   after an upgrade, for either side to move a byte; empty: the listener's
     */
    public record Timeouts(Optional<Duration> response, Optional<Duration> server, Optional<Duration> tunnel) {

        public static final Timeouts NONE = new Timeouts(Optional.empty(), Optional.empty(), Optional.empty());

        public Timeouts {
            response.ifPresent(limit -> Checks.positive("response", limit));
            server.ifPresent(limit -> Checks.positive("server", limit));
            tunnel.ifPresent(limit -> Checks.positive("tunnel", limit));
        }
    }
}
