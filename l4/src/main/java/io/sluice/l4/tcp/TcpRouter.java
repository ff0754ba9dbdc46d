package io.sluice.l4.tcp;

import io.sluice.core.pool.Server;
import io.sluice.l4.tls.ClientHello;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the route that takes a connection: those of the exact server name before those of a wildcard (the longest
 * first) before those of any name; among these in the order of the file. A route whose protocols are not offered is
 * passed over; one with several names is among those of each. What is no TLS is taken by the route without conditions
 * alone.
 *
 * <p>Owned by one event loop.
 */
final class TcpRouter {

    private final List<TcpRoute> routes;
    private final Map<String, List<TcpRoute>> exactNames = new HashMap<>();
    /** By suffix, with its leading dot. */
    private final Map<String, List<TcpRoute>> wildcardNames = new HashMap<>();
    private final List<TcpRoute> anyName = new ArrayList<>();
    private TcpRoute unconditional;

    /** @param routes in the order of the file */
    TcpRouter(List<TcpRoute> routes) {
        this.routes = routes;
        for (TcpRoute route : routes) {
            if (route.serverNames().isEmpty()) {
                anyName.add(route);
            }
            for (String name : route.serverNames()) {
                if (name.startsWith("*.")) {
                    wildcardNames.computeIfAbsent(name.substring(1), _ -> new ArrayList<>()).add(route);
                } else {
                    exactNames.computeIfAbsent(name, _ -> new ArrayList<>()).add(route);
                }
            }
            unconditional = route.isUnconditional() ? route : unconditional;
        }
    }

    /** All routes, in the order of the file. */
    List<TcpRoute> routes() {
        return routes;
    }

    /** Whether a route asks for something of the ClientHello. */
    boolean needsHello() {
        return routes.size() > 1 || unconditional == null;
    }

    /** The route for a client of which nothing is known, such as one that does not speak TLS; null if there is none. */
    TcpRoute unconditional() {
        return unconditional;
    }

    /** The server that all clients get at this moment, or null if there is none, or more than one. */
    Server onlyServer() {
        Server only = routes.getFirst().connector().target().onlyServer();
        for (TcpRoute route : routes) {
            if (route.connector().target().onlyServer() != only) {
                return null;
            }
        }
        return only;
    }

    /** The route, or null if none takes the client. */
    TcpRoute match(ClientHello hello) {
        TcpRoute route = hello.serverName() == null ? null : matchName(hello.serverName(), hello);
        return route == null ? first(anyName, hello) : route;
    }

    private TcpRoute matchName(String name, ClientHello hello) {
        TcpRoute route = first(exactNames.get(name), hello);
        // The name's first dot begins its longest suffix; "*." stands for at least one character.
        for (int dot = name.indexOf('.', 1); route == null && dot > 0; dot = name.indexOf('.', dot + 1)) {
            route = first(wildcardNames.get(name.substring(dot)), hello);
        }
        return route;
    }

    private static TcpRoute first(List<TcpRoute> candidates, ClientHello hello) {
        for (int i = 0; candidates != null && i < candidates.size(); i++) {
            if (candidates.get(i).takes(hello)) {
                return candidates.get(i);
            }
        }
        return null;
    }
}
