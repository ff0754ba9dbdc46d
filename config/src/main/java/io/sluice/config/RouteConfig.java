package io.sluice.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One rule of an HTTP listener: which requests it takes, and what becomes of them. Immutable.
 *
 * @param name            for logs and metrics; the parser makes {@code route-N} where none is written
 * @param match           which requests
 * @param action          what becomes of them
 * @param rewrite         how the path changes on the way to a server
 * @param requestHeaders  how the request's fields change on the way to a server
 * @param responseHeaders how the response's fields change on the way to the client
 */
public record RouteConfig(
        String name,
        Match match,
        Action action,
        Rewrite rewrite,
        HeaderRules requestHeaders,
        HeaderRules responseHeaders) {

    public RouteConfig {
        Checks.name("route", name);
    }

    /**
     * What a request has to be like; all that is given must hold. Header, query and cookie names map to exact values,
     * as they are on the wire; of several of a name the first counts.
     *
     * @param hosts   of which one has to fit: exact, or {@code *.example.com} for everything below example.com; empty:
     *                any
     * @param paths   of which one has to fit: exact, or a prefix by {@code /x/*} or {@code /x/**} (both: everything
     *                below /x/, at any depth; the second also /x itself); empty: any
     * @param methods empty: any
     * @param clients networks of the client's address; empty: any
     */
    public record Match(
            List<String> hosts,
            List<String> paths,
            List<String> methods,
            Map<String, String> headers,
            Map<String, String> query,
            Map<String, String> cookies,
            List<Cidr> clients) {

        /** Takes every request. */
        public static final Match ANY =
                new Match(List.of(), List.of(), List.of(), Map.of(), Map.of(), Map.of(), List.of());

        public Match {
            hosts = List.copyOf(hosts);
            paths = List.copyOf(paths);
            methods = List.copyOf(methods);
            headers = Checks.copyInOrder(headers);
            query = Checks.copyInOrder(query);
            cookies = Checks.copyInOrder(cookies);
            clients = List.copyOf(clients);
        }
    }

    /** What becomes of a request. */
    public sealed interface Action {

        /** The pools that a request may go to. */
        List<String> poolNames();

        /** It goes to one pool. */
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
         * It goes to one of several pools, each by its share.
         *
         * @param by what decides, so that the same client sees the same side; empty: chance
         */
        record Split(List<Share> shares, Optional<RequestKey> by) implements Action {

            /** Weights count in steps of this: 0.01 %. */
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

        /** The client is sent elsewhere. {@code to} is a URI or an absolute path; what is behind the matched prefix of
         * the path, and the query, are appended if it ends with a slash. {@code *} for its host is the one that the
         * client asks for. */
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

        /** Sluice answers by itself. */
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
     * How a path changes on the way to a server: first the prefix is taken off, then the other put before.
     *
     * @param stripPrefix taken off where the path begins with it at a segment's border; empty string: nothing
     * @param addPrefix   put before; empty string: nothing
     */
    public record Rewrite(String stripPrefix, String addPrefix) {

        public static final Rewrite NONE = new Rewrite("", "");
    }

    /**
     * How fields change: first some are removed, then some set (replacing all of that name), then some added.
     */
    public record HeaderRules(List<String> remove, Map<String, String> set, Map<String, String> add) {

        public static final HeaderRules NONE = new HeaderRules(List.of(), Map.of(), Map.of());

        public HeaderRules {
            remove = List.copyOf(remove);
            set = Checks.copyInOrder(set);
            add = Checks.copyInOrder(add);
        }
    }
}
