package io.sluice.l7.route;

import io.sluice.config.RouteConfig;
import io.sluice.l7.http.RequestParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the route of a request. Routes of the exact host come first, then those of wildcard hosts, the longest first,
 * then those without a host; {@link PathTable} has the order within a host. Routes whose other conditions do not hold
 * are skipped. A route with several hosts and paths is in the tables once for each pair of them. Case, port and final
 * dot of hosts do not matter.
 *
 * <p>Immutable; finding a route allocates nothing.
 */
public final class Router {

    private final ByteMap<PathTable> exactHosts;
    /** By suffix, including its leading dot. */
    private final ByteMap<PathTable> wildcardHosts;
    private final PathTable anyHost;

    /** @param configs the routes in the order of the file */
    public Router(List<RouteConfig> configs) {
        int index = 0;
        Map<String, List<Route>> exact = new HashMap<>();
        Map<String, List<Route>> wildcard = new HashMap<>();
        List<Route> any = new ArrayList<>();
        for (RouteConfig config : configs) {
            List<Route> routes = Route.compiled(index++, config);
            if (config.match().hosts().isEmpty()) {
                any.addAll(routes);
            }
            for (String written : config.match().hosts()) {
                String host = written.toLowerCase(Locale.ROOT);
                if (host.startsWith("*.")) {
                    wildcard.computeIfAbsent(host.substring(1), _ -> new ArrayList<>()).addAll(routes);
                } else {
                    exact.computeIfAbsent(host, _ -> new ArrayList<>()).addAll(routes);
                }
            }
        }
        exactHosts = tables(exact);
        wildcardHosts = tables(wildcard);
        anyHost = new PathTable(any);
    }

    /** The route, or null if none takes the request. */
    public Route match(RoutedRequest request) {
        Route route = null;
        if (!exactHosts.isEmpty() || !wildcardHosts.isEmpty()) {
            route = matchHost(request);
        }
        return route == null ? anyHost.match(request) : route;
    }

    private Route matchHost(RoutedRequest request) {
        int hostLength = hostLength(request.head());
        if (hostLength > RoutedRequest.MOST_HOST_BYTES) {
            return null;
        }
        byte[] host = request.lowerCaseHost(hostLength);
        PathTable table = exactHosts.get(host, 0, hostLength, ByteMap.hash(host, 0, hostLength));
        Route route = table == null ? null : table.match(request);
        // The longest suffix begins at the first dot. The "*" of "*." stands for at least one byte.
        for (int dot = 1; route == null && dot < hostLength && !wildcardHosts.isEmpty(); dot++) {
            if (host[dot] == '.') {
                int hash = ByteMap.hash(host, dot, hostLength - dot);
                table = wildcardHosts.get(host, dot, hostLength - dot, hash);
                route = table == null ? null : table.match(request);
            }
        }
        return route;
    }

    private static int hostLength(RequestParser head) {
        int length = head.hostLength();
        boolean finalDot = length > 1 && head.bytes()[head.hostOffset() + length - 1] == '.';
        return finalDot ? length - 1 : length;
    }

    private static ByteMap<PathTable> tables(Map<String, List<Route>> hosts) {
        Map<String, PathTable> tables = new HashMap<>();
        hosts.forEach((host, routes) -> tables.put(host, new PathTable(routes)));
        return new ByteMap<>(tables);
    }
}
