package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.bool;
import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;
import static io.sluice.config.parse.Quantities.size;

import io.sluice.config.Cidr;
import io.sluice.config.HttpListenerConfig;
import io.sluice.config.HttpListenerConfig.ForwardedConfig;
import io.sluice.config.HttpListenerConfig.ForwardedConfig.Client;
import io.sluice.config.HttpListenerConfig.Limits;
import io.sluice.config.HttpListenerConfig.Timeouts;
import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Action;
import io.sluice.config.RouteConfig.HeaderRules;
import io.sluice.config.RouteConfig.Match;
import io.sluice.config.RouteConfig.Rewrite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys of an HTTP listener. */
final class HttpListenerSections {

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    static final Section<HttpListenerConfig> HTTP_LISTENER = httpListener();

    private HttpListenerSections() { }

    private static Section<HttpListenerConfig> httpListener() {
        var keys = Section.<HttpListenerConfig>named("http-listener",
                "Where HTTP clients connect, and what happens to each request.");
        var place = ListenerPlace.of(keys, "http", "HTTP/1.1; the routes decide where each request goes.");
        var pool = keys.maybe("pool", Words.poolInUse(), _ -> Optional.empty(),
                "The pool that serves every request. Short for `routes` with a single route that has only this "
                        + "`pool`.");
        var door = ListenerDoor.of(keys);
        var tls = keys.maybe("tls", TlsSections.OF_HTTP, HttpListenerConfig::tls, "Clients use HTTPS.");
        var timeouts = keys.subsection("timeouts", timeouts(), HttpListenerConfig::timeouts,
                "Timeouts on the client side.");
        var limits = keys.subsection("limits", limits(), HttpListenerConfig::limits, "How much a client may send.");
        var forwarded = keys.subsection("forwarded", forwarded(), HttpListenerConfig::forwarded,
                "What servers are told about the client, and which proxies are trusted to say so.");
        var mergeSlashes = keys.optional("merge-slashes", bool(), true, HttpListenerConfig::mergeSlashes,
                "Whether repeated slashes in a path are matched and forwarded as one.");
        var accessLog = keys.optional("access-log", AccessLogSection.ACCESS_LOG, AccessLogSection.USUAL,
                HttpListenerConfig::accessLog, "Where each request is logged.");
        var routes = keys.omitted("routes", RouteSections.ROUTES, List.of(), HttpListenerConfig::routes,
                "Which requests go where. A request that matches no route is answered with 404.");
        keys.neighbour("the pool", () -> PoolSections.POOLS);
        keys.check(List.of(routes, pool), values -> values.get(routes).isEmpty() != values.get(pool).isEmpty(),
                "an HTTP listener has either routes or a pool");
        keys.check(List.of(routes, mergeSlashes), values -> !values.get(mergeSlashes)
                || values.get(routes).stream().noneMatch(HttpListenerSections::hasEmptySegment),
                "with merge-slashes: true no path has two slashes in a row, as a match here demands");
        return keys.build(values -> new HttpListenerConfig(values.get(place.name()), values.get(place.bind()),
                values.get(door.maxConnections()), values.get(door.maxConnectionsPerClient()),
                values.get(door.backlog()), values.get(door.importance()), values.get(door.proxyProtocol()),
                door.access(values), values.get(door.rateLimit()), values.get(tls), values.get(timeouts),
                values.get(limits), values.get(forwarded), values.get(mergeSlashes), values.get(accessLog),
                values.get(pool).map(HttpListenerSections::everythingTo).orElse(values.get(routes))));
    }

    private static boolean hasEmptySegment(RouteConfig route) {
        return route.match().paths().stream().anyMatch(path -> path.contains("//"));
    }

    private static List<RouteConfig> everythingTo(String pool) {
        return List.of(new RouteConfig("route-1", Match.ANY, new Action.ToPool(pool), Rewrite.NONE, HeaderRules.NONE,
                HeaderRules.NONE, Optional.empty(), RouteConfig.Limits.NONE, RouteConfig.Timeouts.NONE));
    }

    private static Section<Timeouts> timeouts() {
        var keys = Section.<Timeouts>named("http-listener-timeouts", "Timeouts on the client side.");
        var requestHeader = keys.optional("request-header", duration(), Duration.ofSeconds(10),
                Timeouts::requestHeader, "From the first byte of a request to the end of its head, even if the client "
                        + "keeps sending.");
        var client = keys.optional("client", duration(), Duration.ofMinutes(1), Timeouts::client,
                "How long the client side may be idle while a message is under way.");
        var keepAlive = keys.optional("keep-alive", duration(), Duration.ofMinutes(1), Timeouts::keepAlive,
                "How long a connection may wait between a response and the next request.");
        var tunnel = keys.optional("tunnel", duration(), Duration.ofHours(1), Timeouts::tunnel,
                "How long a connection may be idle after an upgrade, such as to WebSocket.");
        var halfClosed = keys.optional("half-closed", duration(), Duration.ofSeconds(30), Timeouts::halfClosed,
                "The same, once one side has ended its direction.");
        keys.refused(List.of("connect", "server", "queue", "response"), "write it into timeouts of the pool");
        return keys.build(values -> new Timeouts(values.get(requestHeader), values.get(client), values.get(keepAlive),
                values.get(tunnel), values.get(halfClosed)));
    }

    private static Section<Limits> limits() {
        var keys = Section.<Limits>named("http-limits", "How much a client may send.");
        var headerBytes = keys.optional("header-bytes", size(KIB, MIB), 32 * KIB, limits -> (long) limits.headerBytes(),
                "Maximum size of a message head, request line included. A larger request gets 431; instead of a larger "
                        + "response the client gets 502.");
        var headers = keys.optional("headers", integer(8, 10_000), 100, Limits::headers,
                "Maximum number of fields in a head. With more, a request gets 431.");
        var uriBytes = keys.optional("uri-bytes", size(64, MIB), 8 * KIB, limits -> (long) limits.uriBytes(),
                "Maximum size of a request's target, never more than `header-bytes`. A larger one gets 414.");
        var bodyBytes = keys.optional("body-bytes", HttpTypes.bodyBytes(), Long.MAX_VALUE, Limits::bodyBytes,
                "Maximum size of a request's body. A larger one gets 413. A route may have its own.");
        var requests = keys.bound("requests-per-connection", Limits::requestsPerConnection,
                "A connection is closed after this many requests.");
        return keys.build(values -> new Limits(Math.toIntExact(values.get(headerBytes)), values.get(headers),
                Math.toIntExact(Math.min(values.get(uriBytes), values.get(headerBytes))), values.get(bodyBytes),
                values.get(requests)));
    }

    private static Section<ForwardedConfig> forwarded() {
        var keys = Section.<ForwardedConfig>named("forwarded", "What servers are told about the client.");
        var trusted = keys.<List<Cidr>>optional("trusted", ListType.of(Addresses.network()), List.of(),
                ForwardedConfig::trusted, "Networks whose `X-Forwarded-*` and `Forwarded` fields are trusted and "
                        + "extended. From anyone else they are removed and written anew.");
        var client = keys.optional("client", Words.oneOf(Client.class), Client.CONNECTION, ForwardedConfig::client,
                "Who a request's client is: whoever has connected; or, if that is a `trusted` network's, the last "
                        + "address of `X-Forwarded-For` that is not. Used by `match`, `split-by`, the `rate-limit` of "
                        + "routes, balancing, logs and the PROXY protocol header that servers get. `allow`, `deny` and "
                        + "the listener's `rate-limit` are always about who has connected.");
        var xForwarded = keys.optional("x-forwarded", bool(), true, ForwardedConfig::xForwarded,
                "Whether `X-Forwarded-For`, `-Proto`, `-Host` and `-Port` are sent.");
        var xRealIp = keys.optional("x-real-ip", bool(), false, ForwardedConfig::xRealIp,
                "Whether `X-Real-IP` is sent: the address of the request's client, as `client` says. It replaces what "
                        + "was received, also from `trusted` networks.");
        var standard = keys.optional("forwarded", bool(), false, ForwardedConfig::forwarded,
                "Whether `Forwarded` (RFC 7239) is sent.");
        var requestId = keys.optional("request-id", bool(), true, ForwardedConfig::requestId,
                "Whether a request without `X-Request-Id`, or with an empty one, gets one.");
        var via = keys.maybe("via", Words.name("proxy"), ForwardedConfig::via,
                "The name to send in `Via`. Without it, no `Via` is sent.");
        keys.check(List.of(client, trusted),
                values -> values.get(client) == Client.CONNECTION || !values.get(trusted).isEmpty(),
                "client: x-forwarded-for needs trusted: the networks that may send it");
        return keys.build(values -> new ForwardedConfig(values.get(trusted), values.get(client),
                values.get(xForwarded), values.get(xRealIp), values.get(standard), values.get(requestId),
                values.get(via)));
    }
}
