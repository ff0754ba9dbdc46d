package io.sluice.config.parse;

import static io.sluice.config.parse.Quantities.duration;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.SessionLogConfig;
import io.sluice.config.SessionLogConfig.Format;
import io.sluice.config.SessionLogConfig.Target;
import io.sluice.config.TargetConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpListenerConfig.Inspect;
import io.sluice.config.TcpListenerConfig.Timeouts;
import io.sluice.config.TcpRouteConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of a listener. A further protocol is a further section in {@link #LISTENER}. */
final class ListenerSections {

    private static final Section<Timeouts> TCP_TIMEOUTS = tcpTimeouts();
    private static final Section<SessionLogConfig> SESSION_LOG = sessionLog();

    static final ValueType<ListenerConfig> LISTENER = new Variants<ListenerConfig>("protocol", List.of(
            new Variants.Variant<>("tcp", TcpListenerConfig.class, tcpListener()),
            new Variants.Variant<>("http", HttpListenerConfig.class, HttpListenerSections.HTTP_LISTENER)))
            .then(ListenerSections::note);

    private ListenerSections() { }

    private static ListenerConfig note(ListenerConfig listener, Node at, Reading reading) {
        reading.postgresTls().use(listener, at, reading.path());
        reading.poolProtocols().use(listener);
        if (listener instanceof TcpListenerConfig tcp) {
            TcpRouteSections.onlyTarget(tcp)
                    .ifPresent(target -> reading.roles().use(target, at, reading.path(".role")));
        }
        return listener;
    }

    private static Section<TcpListenerConfig> tcpListener() {
        var keys = Section.<TcpListenerConfig>named("tcp-listener",
                "Where TCP clients connect, and which servers they get.");
        var place = ListenerPlace.of(keys, "tcp", "TCP, passed through unchanged.");
        var pool = keys.maybe("pool", Words.poolInUse(),
                listener -> TcpRouteSections.onlyTarget(listener).map(TargetConfig::pool),
                "The pool that serves all clients. Short for `routes` with a single route that has this `pool`, `role` "
                        + "and `fallback`.");
        var target = TargetKeys.of(keys, TcpRouteSections::onlyTarget);
        var routes = keys.omitted("routes", TcpRouteSections.ROUTES, List.of(), TcpRouteSections::unlessOnlyTarget,
                "Which clients go where. A client that matches no route is reset.");
        var inspect = keys.derived("inspect", Words.oneOf(Inspect.class), new Key.Default.Derived<>(routes,
                "`tls` with routes that match by `sni` or `alpn`, else `off`", TcpRouteSections::usualInspect),
                TcpListenerConfig::inspect, "What Sluice looks at before it chooses a route: the TLS ClientHello, or "
                        + "the start of the PostgreSQL protocol including its ClientHello. Nothing is decrypted.");
        var door = ListenerDoor.of(keys);
        var tls = keys.maybe("tls", TlsSections.OF_TCP, TcpListenerConfig::tls,
                "Clients use TLS, which Sluice terminates. With `inspect: postgres`, its `alpn` is `[postgresql]` "
                        + "unless it names others: `sslnegotiation=direct` demands that.");
        var timeouts = keys.subsection("timeouts", TCP_TIMEOUTS, TcpListenerConfig::timeouts,
                "Timeouts on the client side.");
        var sessionLog = keys.optional("session-log", SESSION_LOG.or("off",
                new SessionLogConfig(Target.OFF, Optional.empty(), Format.TEXT), log -> log.target() == Target.OFF),
                SESSION_LOG.defaults(), TcpListenerConfig::sessionLog,
                "Where each connection is logged when it ends.");
        keys.neighbour("the pool", () -> PoolSections.POOLS);
        keys.check(List.of(routes, pool), values -> values.get(routes).isEmpty() != values.get(pool).isEmpty(),
                "a TCP listener has either routes or a pool");
        keys.check(List.of(target.role(), routes), values -> values.get(routes).isEmpty() || target.isAny(values),
                "where there are routes, each of them has its own role");
        keys.check(List.of(inspect, routes), values -> values.get(inspect) != Inspect.OFF
                || values.get(routes).stream().noneMatch(TcpRouteConfig::isConditional),
                "routes that match by sni or alpn need inspect: tls, or postgres");
        return keys.build(values -> new TcpListenerConfig(values.get(place.name()), values.get(place.bind()),
                values.get(pool).map(name -> TcpRouteSections.everythingTo(target.read(name, values)))
                        .orElse(values.get(routes)),
                values.get(inspect), values.get(door.maxConnections()), values.get(door.maxConnectionsPerClient()),
                values.get(door.backlog()), values.get(door.importance()), values.get(door.proxyProtocol()),
                door.access(values), values.get(door.rateLimit()),
                values.get(tls).map(own -> withUsualAlpn(values.get(inspect), own)), values.get(timeouts),
                values.get(sessionLog)));
    }

    /** PostgreSQL's clients break off a TLS connection without a request for it if this protocol is not agreed on. */
    private static ServerTlsConfig withUsualAlpn(Inspect inspect, ServerTlsConfig tls) {
        return inspect == Inspect.POSTGRES ? tls.withUsualAlpn(List.of("postgresql")) : tls;
    }

    private static Section<Timeouts> tcpTimeouts() {
        var keys = Section.<Timeouts>named("tcp-listener-timeouts",
                "Timeouts on the client side. A side is idle while no byte is read or written.");
        var inspect = keys.optional("inspect", duration(), Duration.ofSeconds(10), Timeouts::inspect,
                "How long the client may take to send what `inspect` looks at, even if it keeps sending.");
        var client = keys.optional("client", duration(), Duration.ofHours(1), Timeouts::client,
                "How long the client side may be idle.");
        var halfClosed = keys.optional("half-closed", duration(), Duration.ofSeconds(30), Timeouts::halfClosed,
                "How long both sides may be idle once one of them has ended its direction.");
        keys.refused(List.of("request-header", "keep-alive", "tunnel"), "only with protocol: http");
        keys.refused(List.of("connect", "server", "queue", "response"), "write it into timeouts of the pool");
        return keys.build(values -> new Timeouts(values.get(inspect), values.get(client), values.get(halfClosed)));
    }

    private static Section<SessionLogConfig> sessionLog() {
        var keys = Section.<SessionLogConfig>named("session-log", "One record per connection, written when it ends.");
        var file = keys.optional("file", Words.fileOrStdout(), Optional.empty(), SessionLogConfig::file,
                "Relative paths start at the directory of the configuration file.");
        var format = keys.optional("format", Words.oneOf(Format.class), Format.TEXT, SessionLogConfig::format,
                "A line of text, or a line of JSON.");
        return keys.build(values -> new SessionLogConfig(
                values.get(file).isPresent() ? Target.FILE : Target.STDOUT, values.get(file), values.get(format)));
    }
}
