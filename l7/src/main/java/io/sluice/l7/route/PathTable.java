package io.sluice.l7.route;

import io.sluice.config.RouteConfig;
import io.sluice.l7.http.RequestParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The routes of one host: found by exact path, else by the longest prefix, else those for any path; where several are
 * equal, in the order of the file. Costs a look-up for each slash of the path, however many routes there are.
 * Immutable.
 */
final class PathTable {

    private final ByteMap<Route[]> exact;
    private final ByteMap<Route[]> below;
    /** By the same keys; these also take the path that is the prefix without its slash. */
    private final ByteMap<Route[]> self;
    private final Route[] any;

    /** @param compiled of the configurations, in the same order */
    PathTable(List<RouteConfig> configs, List<Route> compiled) {
        Map<String, List<Route>> exactPaths = new HashMap<>();
        Map<String, List<Route>> belowPaths = new HashMap<>();
        Map<String, List<Route>> selfPaths = new HashMap<>();
        List<Route> anyPath = new ArrayList<>();
        for (int i = 0; i < configs.size(); i++) {
            Route route = compiled.get(i);
            PathPattern pattern = PathPattern.of(configs.get(i).match().path());
            switch (pattern.kind()) {
                case ANY -> anyPath.add(route);
                case EXACT -> put(exactPaths, pattern, route);
                case BELOW -> put(belowPaths, pattern, route);
                case BELOW_OR_SELF -> {
                    put(belowPaths, pattern, route);
                    put(selfPaths, pattern, route);
                }
            }
        }
        exact = frozen(exactPaths);
        below = frozen(belowPaths);
        self = frozen(selfPaths);
        any = anyPath.toArray(Route[]::new);
    }

    Route match(RequestParser request, byte[] path, int offset, int length, Client client, Scratch scratch) {
        int hash = ByteMap.hash(path, offset, length);
        Route route = first(exact.get(path, offset, length, hash), request, client, scratch);
        if (route == null && !self.isEmpty()) {
            route = first(self.getFollowedBy(path, offset, length, hash, (byte) '/'), request, client, scratch);
        }
        if (route == null && !below.isEmpty()) {
            route = longestPrefix(request, path, offset, length, hash, client, scratch);
        }
        return route == null ? first(any, request, client, scratch) : route;
    }

    /** Goes back from the end of the path, slash by slash, and takes the hash back with it. */
    private Route longestPrefix(RequestParser request, byte[] path, int offset, int length, int wholeHash,
                                Client client, Scratch scratch) {
        int hash = wholeHash;
        for (int end = length; end > 0; end--) {
            byte last = path[offset + end - 1];
            if (last == '/' && end <= below.longest()) {
                Route route = first(below.get(path, offset, end, hash), request, client, scratch);
                if (route != null) {
                    return route;
                }
            }
            hash = ByteMap.removeLast(hash, last);
        }
        return null;
    }

    private static Route first(Route[] candidates, RequestParser request, Client client, Scratch scratch) {
        if (candidates != null) {
            for (Route candidate : candidates) {
                if (candidate.takes(request, client, scratch)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    private static void put(Map<String, List<Route>> table, PathPattern pattern, Route route) {
        table.computeIfAbsent(pattern.text(), _ -> new ArrayList<>()).add(route);
    }

    private static ByteMap<Route[]> frozen(Map<String, List<Route>> table) {
        Map<String, Route[]> arrays = new HashMap<>();
        table.forEach((key, routes) -> arrays.put(key, routes.toArray(Route[]::new)));
        return new ByteMap<>(arrays);
    }
}
