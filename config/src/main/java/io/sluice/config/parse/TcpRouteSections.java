package io.sluice.config.parse;

import io.sluice.config.TargetConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpListenerConfig.Inspect;
import io.sluice.config.TcpRouteConfig;
import io.sluice.config.TcpRouteConfig.Match;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The keys of a TCP listener's route. */
final class TcpRouteSections {

    private static final Pattern PROTOCOL = Pattern.compile("[!-~]{1,255}");
    private static final Section<Match> MATCH = match();

    static final ValueType<List<TcpRouteConfig>> ROUTES = ListType.of(route().then(TcpRouteSections::noteRole))
            .then(TcpRouteSections::noTwins);

    private TcpRouteSections() { }

    /** The routes that the short form of a listener, {@code pool}, stands for. */
    static List<TcpRouteConfig> everythingTo(TargetConfig target) {
        return List.of(new TcpRouteConfig(Match.ANY, target));
    }

    /** The target, if the listener can be written in the short form. */
    static Optional<TargetConfig> onlyTarget(TcpListenerConfig listener) {
        TcpRouteConfig first = listener.routes().getFirst();
        return listener.routes().size() == 1 && !first.isConditional()
                ? Optional.of(first.target()) : Optional.empty();
    }

    /** The routes, if the listener cannot be written in the short form. */
    static List<TcpRouteConfig> unlessOnlyTarget(TcpListenerConfig listener) {
        return onlyTarget(listener).isPresent() ? List.of() : listener.routes();
    }

    static Inspect usualInspect(List<TcpRouteConfig> routes) {
        return routes.stream().anyMatch(TcpRouteConfig::isConditional) ? Inspect.TLS : Inspect.OFF;
    }

    private static Section<TcpRouteConfig> route() {
        var keys = Section.<TcpRouteConfig>named("tcp-route", "Which clients go to a pool.");
        var match = keys.omitted("match", MATCH, Match.ANY, TcpRouteConfig::match,
                "Which clients the route takes; all conditions must hold. Without it: all clients, including those "
                        + "without TLS.");
        var pool = keys.required("pool", Words.poolInUse(), route -> route.target().pool(), "The pool to use.");
        var target = TargetKeys.of(keys, route -> Optional.of(route.target()));
        var passTls = keys.optional("pass-tls", Numbers.bool(), false, TcpRouteConfig::passTls,
                "Passes the client's TLS on to the servers unchanged, although the listener has `tls` for other "
                        + "routes.");
        keys.refused(List.of("redirect", "respond", "split", "rewrite", "request-headers", "response-headers"),
                "only with protocol: http");
        keys.neighbour("the listener", () -> ListenerSections.LISTENER);
        keys.neighbour("the pool", () -> PoolSections.POOLS);
        return keys.build(values -> new TcpRouteConfig(values.get(match), target.read(values.get(pool), values),
                values.get(passTls)));
    }

    private static TcpRouteConfig noteRole(TcpRouteConfig route, Node at, Reading reading) {
        reading.roles().use(route.target(), at, reading.path(".role"));
        return route;
    }

    private static Section<Match> match() {
        var keys = Section.<Match>named("tcp-match", "Conditions on a client's ClientHello. Exact names come before "
                + "`*.` names, longer `*.` names before shorter ones, and routes without a name last. Otherwise the "
                + "order in the file decides.");
        var sni = keys.omitted("sni", ListType.of(HttpTypes.host()).notEmpty().eachOnce(), List.of(), Match::sni,
                "The client asks for one of these server names, ignoring case. `\"*.example.com\"` matches every name "
                        + "below example.com.");
        var alpn = keys.<List<String>>omitted("alpn", ListType.of(protocol()), List.of(), Match::alpn,
                "The client offers one of these protocols, such as `h2` or `postgresql`.");
        keys.refused(List.of("host", "path", "path-suffix", "method", "header", "query", "cookie", "client"),
                "only with protocol: http");
        return keys.build(values -> new Match(values.get(sni), values.get(alpn)));
    }

    static Scalar<String> protocol() {
        return new Scalar<>("protocol", Json.object("type", "string"), text -> {
            if (!PROTOCOL.matcher(text).matches()) {
                throw new InvalidValueException("a protocol of ALPN is 1 to 255 visible characters, not "
                        + Nodes.quoted(text));
            }
            return text;
        }, text -> text);
    }

    /** Of two routes with the same name and protocols, the second would never be taken for it. */
    private static List<TcpRouteConfig> noTwins(List<TcpRouteConfig> routes, Node at, Reading reading) {
        List<Node> nodes = ((SequenceNode) at).getValue();
        Map<Match, Node> first = new HashMap<>();
        for (int i = 0; i < routes.size(); i++) {
            Node node = nodes.get(i);
            String path = reading.path("[" + i + "]");
            oneByOne(routes.get(i).match()).filter(match -> first.putIfAbsent(match, node) != null).findFirst()
                    .ifPresent(match -> reading.error(node, path, twin(match, first.get(match)), Optional.empty()));
        }
        return routes;
    }

    private static String twin(Match match, Node first) {
        String clients = match.sni().isEmpty() ? "the same clients" : "the same clients for " + match.sni().getFirst();
        return "the route in line " + Reading.line(first) + " matches " + clients + ": this one would never get them";
    }

    /** A match for each of its names; the same together. */
    private static Stream<Match> oneByOne(Match match) {
        return match.sni().isEmpty() ? Stream.of(match)
                : match.sni().stream().map(name -> new Match(List.of(name), match.alpn()));
    }
}
