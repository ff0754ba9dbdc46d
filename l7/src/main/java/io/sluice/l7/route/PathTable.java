package io.sluice.l7.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The routes of one host. Exact paths are tried first, then prefixes, the longest first, then routes for any path;
 * equals are tried in the order of the file. A match costs one lookup per slash of the path, however many routes there
 * are. Immutable.
 */
final class PathTable {

    private final ByteMap<Route[]> exact;
    private final ByteMap<Route[]> below;
    /** The routes of {@code below} that also match the prefix without its slash, by the same keys. */
    private final ByteMap<Route[]> self;
    private final Route[] any;

    /** @param routes in the order of the file */
    PathTable(List<Route> routes) {
        Map<String, List<Route>> exactPaths = new HashMap<>();
        Map<String, List<Route>> belowPaths = new HashMap<>();
        Map<String, List<Route>> selfPaths = new HashMap<>();
        List<Route> anyPath = new ArrayList<>();
        for (Route route : routes) {
            switch (route.pattern().kind()) {
                case ANY -> anyPath.add(route);
                case EXACT -> put(exactPaths, route);
                case BELOW -> put(belowPaths, route);
                case BELOW_OR_SELF -> {
                    put(belowPaths, route);
                    put(selfPaths, route);
                }
            }
        }
        exact = frozen(exactPaths);
        below = frozen(belowPaths);
        self = frozen(selfPaths);
        any = anyPath.toArray(Route[]::new);
    }

    Route match(RoutedRequest request) {
        RequestPath path = request.path();
        byte[] bytes = path.bytes();
        int hash = ByteMap.hash(bytes, path.offset(), path.length());
        Route route = first(exact.get(bytes, path.offset(), path.length(), hash), request);
        if (route == null && !self.isEmpty()) {
            route = first(self.getFollowedBy(bytes, path.offset(), path.length(), hash, (byte) '/'), request);
        }
        if (route == null && !below.isEmpty()) {
            route = longestPrefix(request, hash);
        }
        return route == null ? first(any, request) : route;
    }

    /** Goes from slash to slash, from the end of the path, and removes the bytes that it passes from the hash. */
    private Route longestPrefix(RoutedRequest request, int wholeHash) {
        RequestPath path = request.path();
        byte[] bytes = path.bytes();
        int hash = wholeHash;
        for (int length = path.length(); length > 0; length--) {
            byte last = bytes[path.offset() + length - 1];
            if (last == '/' && length <= below.longest()) {
                Route route = first(below.get(bytes, path.offset(), length, hash), request);
                if (route != null) {
                    return route;
                }
            }
            hash = ByteMap.removeLast(hash, last);
        }
        return null;
    }

    private static Route first(Route[] candidates, RoutedRequest request) {
        if (candidates != null) {
            for (Route candidate : candidates) {
                if (candidate.takes(request)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    private static void put(Map<String, List<Route>> table, Route route) {
        table.computeIfAbsent(route.pattern().text(), _ -> new ArrayList<>()).add(route);
    }

    private static ByteMap<Route[]> frozen(Map<String, List<Route>> table) {
        Map<String, Route[]> arrays = new HashMap<>();
        table.forEach((key, routes) -> arrays.put(key, routes.toArray(Route[]::new)));
        return new ByteMap<>(arrays);
    }
}
