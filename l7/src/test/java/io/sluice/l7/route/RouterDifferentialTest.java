package io.sluice.l7.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The router against one that sorts all routes by precedence and asks each in turn, on strings. */
class RouterDifferentialTest {

    private static final long SEED = 20261121;
    private static final int TABLES = 300;
    private static final int REQUESTS = 200;
    private static final List<String> LABELS = List.of("a", "b", "ab", "example");
    private static final List<String> SEGMENTS = List.of("x", "y", "xy", "%2F", "");

    private final Random random = new Random(SEED);

    @Test
    void choosesTheSameRoutes() {
        int found = 0;
        for (int table = 0; table < TABLES; table++) {
            List<RouteConfig> routes = routes(random.nextInt(40));
            Router router = new Router(routes);
            for (int i = 0; i < REQUESTS; i++) {
                String host = host();
                String path = path();
                String beta = random.nextBoolean() ? "yes" : "no";
                String expected = naive(routes, host, path, beta);
                String actual = Requests.match(router, Requests.parse(
                        "GET " + path + " HTTP/1.1^^Host: " + host + "^^X-Beta: " + beta), Requests.CLIENT);
                assertEquals(expected, actual, () -> host + path + " " + beta + " of " + routes);
                found += expected == null ? 0 : 1;
            }
        }
        assertTrue(found > TABLES * REQUESTS / 10, "most requests find nothing: " + found);
    }

    private List<RouteConfig> routes(int count) {
        List<RouteConfig> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> hosts = upToThree(() -> random.nextInt(3) == 0 ? "*." + host() : host());
            List<String> paths = upToThree(() -> switch (random.nextInt(4)) {
                case 0 -> prefix() + "*";
                case 1 -> prefix() + "**";
                default -> path();
            });
            Map<String, String> headers = random.nextInt(3) == 0 ? Map.of("x-beta", "yes") : Map.of();
            List<String> suffixes = random.nextInt(3) == 0 ? List.of("y", "/") : List.of();
            routes.add(Requests.toPool("r" + i,
                    new Match(hosts, paths, suffixes, List.of(), headers, Map.of(), Map.of(), List.of())));
        }
        return routes;
    }

    /** Mostly one. */
    private List<String> upToThree(Supplier<String> pattern) {
        int count = random.nextInt(4) == 0 ? random.nextInt(4) : 1;
        return Stream.generate(pattern).limit(count).toList();
    }

    private String host() {
        StringBuilder host = new StringBuilder(pick(LABELS));
        for (int labels = random.nextInt(3); labels > 0; labels--) {
            host.append('.').append(pick(LABELS));
        }
        return host.toString();
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int segments = random.nextInt(4); segments >= 0; segments--) {
            path.append('/').append(pick(SEGMENTS));
        }
        return path.toString();
    }

    private String prefix() {
        String path = path();
        return path.endsWith("/") ? path : path + "/";
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static String naive(List<RouteConfig> routes, String host, String path, String beta) {
        return routes.stream()
                .filter(route -> hostRank(route.match(), host) >= 0 && pathRank(route.match(), path) >= 0)
                .filter(route -> route.match().pathSuffixes().isEmpty()
                        || route.match().pathSuffixes().stream().anyMatch(path::endsWith))
                .filter(route -> route.match().headers().isEmpty() || beta.equals("yes"))
                .sorted(Comparator.<RouteConfig>comparingInt(route -> -hostRank(route.match(), host))
                        .thenComparingInt(route -> -pathRank(route.match(), path)))
                .map(RouteConfig::name).findFirst().orElse(null);
    }

    private static int hostRank(Match match, String host) {
        return match.hosts().isEmpty() ? 0
                : match.hosts().stream().mapToInt(pattern -> hostRank(pattern, host)).max().getAsInt();
    }

    private static int hostRank(String pattern, String host) {
        if (pattern.startsWith("*")) {
            return host.length() >= pattern.length() && host.endsWith(pattern.substring(1)) ? pattern.length() : -1;
        }
        return host.equals(pattern) ? Integer.MAX_VALUE : -1;
    }

    private static int pathRank(Match match, String path) {
        return match.paths().isEmpty() ? 0
                : match.paths().stream().mapToInt(pattern -> pathRank(pattern, path)).max().getAsInt();
    }

    private static int pathRank(String pattern, String path) {
        String prefix = pattern.replaceAll("\\*+$", "");
        if (prefix.equals(pattern)) {
            return path.equals(pattern) ? Integer.MAX_VALUE : -1;
        }
        boolean self = pattern.endsWith("**") && (path + "/").equals(prefix);
        return path.startsWith(prefix) || self ? prefix.length() : -1;
    }
}
