package io.sluice.l7.route;

import io.sluice.config.RouteConfig;
import io.sluice.l7.http.RequestParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the route that takes a request: those of the exact host before those of a wildcard (the longest first) before
 * those of any host; within a host as {@link PathTable} says. A route whose further conditions do not hold is passed
 * over. Hosts compare without case, port and final dot.
 *
 * <p>Immutable; looking up allocates nothing.
 */
public final class Router {

    private static final int MOST_HOST_BYTES = 255;

    private final ByteMap<PathTable> exactHosts;
    /** By suffix, with its leading dot. */
    private final ByteMap<PathTable> wildcardHosts;
    private final PathTable anyHost;

    /** @param configs in the order of the file */
    public Router(List<RouteConfig> configs) {
        Map<RouteConfig, Route> routes = new IdentityHashMap<>();
        for (int i = 0; i < configs.size(); i++) {
            routes.put(configs.get(i), new Route(i, configs.get(i)));
        }
        Map<String, List<RouteConfig>> exact = new LinkedHashMap<>();
        Map<String, List<RouteConfig>> wildcard = new LinkedHashMap<>();
        List<RouteConfig> any = new ArrayList<>();
        for (RouteConfig config : configs) {
            String host = config.match().host().map(text -> text.toLowerCase(Locale.ROOT)).orElse("");
            if (host.isEmpty()) {
                any.add(config);
            } else if (host.startsWith("*.")) {
                wildcard.computeIfAbsent(host.substring(1), _ -> new ArrayList<>()).add(config);
            } else {
                exact.computeIfAbsent(host, _ -> new ArrayList<>()).add(config);
            }
        }
        exactHosts = tables(exact, routes);
        wildcardHosts = tables(wildcard, routes);
        anyHost = table(any, routes);
    }

    /**
     * The route, or null if none takes the request.
     *
     * @param request a whole head
     * @param path    its path in normal form
     * @param client  the client's address
     */
    public Route match(RequestParser request, byte[] path, int offset, int length, Client client,
                       Scratch scratch) {
        Route route = null;
        if (!exactHosts.isEmpty() || !wildcardHosts.isEmpty()) {
            route = matchHost(request, path, offset, length, client, scratch);
        }
        return route == null ? anyHost.match(request, path, offset, length, client, scratch) : route;
    }

    private Route matchHost(RequestParser request, byte[] path, int offset, int length, Client client,
                            Scratch scratch) {
        int hostLength = hostLength(request);
        if (hostLength > MOST_HOST_BYTES) {
            return null;
        }
        byte[] host = scratch.lowerCase(request.bytes(), request.hostOffset(), hostLength);
        PathTable table = exactHosts.get(host, 0, hostLength, ByteMap.hash(host, 0, hostLength));
        Route route = table == null ? null : table.match(request, path, offset, length, client, scratch);
        // The host's first dot begins its longest suffix; "*." stands for at least one byte.
        for (int dot = 1; route == null && dot < hostLength && !wildcardHosts.isEmpty(); dot++) {
            if (host[dot] == '.') {
                int hash = ByteMap.hash(host, dot, hostLength - dot);
                table = wildcardHosts.get(host, dot, hostLength - dot, hash);
                route = table == null ? null : table.match(request, path, offset, length, client, scratch);
            }
        }
        return route;
    }

    private static int hostLength(RequestParser request) {
        int length = request.hostLength();
        boolean finalDot = length > 1 && request.bytes()[request.hostOffset() + length - 1] == '.';
        return finalDot ? length - 1 : length;
    }

    private static ByteMap<PathTable> tables(Map<String, List<RouteConfig>> hosts, Map<RouteConfig, Route> routes) {
        Map<String, PathTable> tables = new HashMap<>();
        hosts.forEach((host, configs) -> tables.put(host, table(configs, routes)));
        return new ByteMap<>(tables);
    }

    private static PathTable table(List<RouteConfig> configs, Map<RouteConfig, Route> routes) {
        return new PathTable(configs, configs.stream().map(routes::get).toList());
    }
}
