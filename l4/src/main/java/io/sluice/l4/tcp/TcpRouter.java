package io.sluice.l4.tcp;

import io.sluice.core.pool.Server;
import io.sluice.l4.tls.ClientHello;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the route of a connection. Routes with the exact server name come before those with a wildcard (the longest
 * first), and these before those for any name; equal ones in the order of the file. A route is skipped if the client
 * offers none of its protocols. A route with several names is among those of each. Only the route without conditions
 * takes a client without TLS.
 *
 * <p>Owned by one event loop.
 */
final class TcpRouter {

    private final List<TcpRoute> routes;
    private final Map<String, List<TcpRoute>> exactNames = new HashMap<>();
    /** Keys are suffixes with their leading dot. */
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

    /** Whether routing depends on the ClientHello. */
    boolean needsHello() {
        return routes.size() > 1 || unconditional == null;
    }

    /** The route without conditions, for clients that send no ClientHello; null if there is none. */
    TcpRoute unconditional() {
        return unconditional;
    }

    /** The one server that all clients get at this moment; null if there is none or more than one. */
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
