package io.sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A listener that passes TCP through; its routes decide where each connection goes. Immutable.
 *
 * @param routes     in the order of the file; at least one
 * @param inspect    what to inspect before a route is chosen
 * @param timeouts   how long a connection may be silent
 * @param sessionLog where the record of each ended connection goes
 */
public record TcpListenerConfig(
        String name,
        List<Endpoint> bind,
        List<TcpRouteConfig> routes,
        Inspect inspect,
        int maxConnections,
        int maxConnectionsPerClient,
        int backlog,
        int importance,
        ProxyProtocolConfig proxyProtocol,
        AccessConfig access,
        Optional<RateLimitConfig> rateLimit,
        Optional<ServerTlsConfig> tls,
        Timeouts timeouts,
        SessionLogConfig sessionLog) implements ListenerConfig {

    public TcpListenerConfig {
        Checks.name("listener", name);
        bind = List.copyOf(bind);
        Checks.notEmpty("bind", bind);
        routes = List.copyOf(routes);
        Checks.notEmpty("routes", routes);
        Checks.that(inspect != Inspect.OFF || routes.stream().noneMatch(TcpRouteConfig::isConditional),
                "inspect: off cannot be together with routes that match by sni or alpn");
        boolean passesTls = routes.stream().anyMatch(TcpRouteConfig::passTls);
        Checks.that(!passesTls || tls.isPresent(), "pass-tls is for routes of a listener with tls");
        Checks.that(!passesTls || inspect != Inspect.OFF, "inspect: off cannot be together with routes of pass-tls");
        Checks.atLeast("max-connections", maxConnections, 1);
        Checks.atLeast("max-connections-per-client", maxConnectionsPerClient, 1);
        Checks.atLeast("backlog", backlog, 1);
        Checks.inRange("importance", importance, 1, MOST_IMPORTANT);
    }

    @Override
    public List<String> routeNames() {
        boolean noChoice = routes.size() == 1 && !routes.getFirst().isConditional();
        return noChoice ? List.of() : routes.stream().map(TcpRouteConfig::label).toList();
    }

    @Override
    public List<String> poolNames() {
        return routes.stream().map(route -> route.target().pool()).distinct().toList();
    }

    /** What to inspect of a client's first bytes. */
    public enum Inspect {
        /** Nothing: bytes are passed on as they come. */
        OFF,
        /** The ClientHello of TLS. */
        TLS,
        /** The start of the PostgreSQL protocol, and the ClientHello in it or in its place. */
        POSTGRES
    }

    /**
     * Limits of silence. A byte read from or written to a side makes that side active.
     *
     * @param inspect    absolute: until the client has sent all that is inspected
     * @param client     for the client side to move a byte (HAProxy: {@code timeout client})
     * @param halfClosed after a half-close, for either side to move a byte
     *                   (HAProxy: {@code client-fin}, {@code server-fin})
     */
    public record Timeouts(Duration inspect, Duration client, Duration halfClosed) {
        public Timeouts {
            Checks.positive("inspect", inspect);
            Checks.positive("client", client);
            Checks.positive("half-closed", halfClosed);
        }
    }
}
