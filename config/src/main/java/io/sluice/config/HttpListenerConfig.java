package io.sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A listener for HTTP/1.1, whose routes decide where each request goes. Immutable.
 *
 * @param mergeSlashes whether repeated slashes in a path count, and are forwarded, as one
 * @param routes       in the order of the file; at least one
 * @param accessLog    where the record of each request goes; replaces the session log
 */
public record HttpListenerConfig(
        String name,
        List<Endpoint> bind,
        int maxConnections,
        int maxConnectionsPerClient,
        int backlog,
        int importance,
        ProxyProtocolConfig proxyProtocol,
        AccessConfig access,
        Optional<RateLimitConfig> rateLimit,
        Optional<ServerTlsConfig> tls,
        Timeouts timeouts,
        Limits limits,
        ForwardedConfig forwarded,
        boolean mergeSlashes,
        AccessLogConfig accessLog,
        List<RouteConfig> routes) implements ListenerConfig {

    public HttpListenerConfig {
        Checks.name("listener", name);
        bind = List.copyOf(bind);
        routes = List.copyOf(routes);
        Checks.notEmpty("bind", bind);
        Checks.notEmpty("routes", routes);
        Checks.uniqueNames("route", routes.stream().map(RouteConfig::name));
        Checks.atLeast("max-connections", maxConnections, 1);
        Checks.atLeast("max-connections-per-client", maxConnectionsPerClient, 1);
        Checks.atLeast("backlog", backlog, 1);
        Checks.inRange("importance", importance, 1, MOST_IMPORTANT);
    }

    @Override
    public List<String> routeNames() {
        return routes.stream().map(RouteConfig::name).toList();
    }

    @Override
    public List<String> poolNames() {
        return routes.stream().flatMap(route -> route.action().poolNames().stream()).distinct().toList();
    }

    /**
     * Time limits of the client side.
     *
     * @param requestHeader from the first byte of a request (on a new connection, from accept) to the end of its head
     * @param client        during a message, for the client side to move a byte
     * @param keepAlive     from the end of a response to the first byte of the next request
     * @param tunnel        after an upgrade, for either side to move a byte
     * @param halfClosed    after one direction of a tunnel has ended, for the other one to move a byte
     */
    public record Timeouts(
            Duration requestHeader, Duration client, Duration keepAlive, Duration tunnel, Duration halfClosed) {
        public Timeouts {
            Checks.positive("request-header", requestHeader);
            Checks.positive("client", client);
            Checks.positive("keep-alive", keepAlive);
            Checks.positive("tunnel", tunnel);
            Checks.positive("half-closed", halfClosed);
        }
    }

    /**
     * Bounds of messages and connections.
     *
     * @param headerBytes           the most bytes of a head, of requests and responses, start line included
     * @param headers               the most fields of a head
     * @param uriBytes              the most bytes of a request target
     * @param bodyBytes             the most bytes of a request's body; {@link Long#MAX_VALUE}: unlimited
     * @param requestsPerConnection after how many requests to close a connection; or {@link SluiceConfig#UNLIMITED}
     */
    public record Limits(int headerBytes, int headers, int uriBytes, long bodyBytes, int requestsPerConnection) {
        public Limits {
            Checks.inRange("header-bytes", headerBytes, 1024, 1024 * 1024);
            Checks.inRange("headers", headers, 8, 10_000);
            Checks.inRange("uri-bytes", uriBytes, 64, headerBytes);
            Checks.that(bodyBytes >= 0, "body-bytes must not be negative");
            Checks.atLeast("requests-per-connection", requestsPerConnection, 1);
        }
    }

    /**
     * Which fields tell servers about the client, from whom such fields are accepted, and whether they name the client.
     *
     * @param trusted    networks whose X-Forwarded-* and Forwarded fields are kept and extended; those of other clients
     *                   are replaced
     * @param client     what a request's client is, for routes, balancing and logs
     * @param xForwarded whether X-Forwarded-For, -Proto, -Host and -Port are sent
     * @param xRealIp    whether X-Real-IP is sent, with the request's client
     * @param forwarded  whether Forwarded (RFC 7239) is sent
     * @param requestId  whether a request without X-Request-Id gets one
     * @param via        the name that Via carries; empty: no Via is sent
     */
    public record ForwardedConfig(
            List<Cidr> trusted, Client client, boolean xForwarded, boolean xRealIp, boolean forwarded,
            boolean requestId, Optional<String> via) {

        /** What a request's client is. */
        public enum Client {
            /** The one that has connected. */
            CONNECTION,
            /** The one that X-Forwarded-For names, where a trusted client has sent it. */
            X_FORWARDED_FOR
        }

        public ForwardedConfig {
            trusted = List.copyOf(trusted);
            Checks.that(client == Client.CONNECTION || !trusted.isEmpty(),
                    "forwarded: client: x-forwarded-for needs trusted: the networks that may send it");
            via.ifPresent(name -> Checks.name("via", name));
        }
    }
}
