package io.sluice.l7.route;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Action;
import io.sluice.config.RouteConfig.HeaderRules;
import io.sluice.config.RouteConfig.Match;
import io.sluice.config.RouteConfig.Rewrite;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.RequestParser;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Map;
import java.util.stream.Stream;

/** Requests and routes for tests. */
final class Requests {

    static final Client CLIENT = client("192.0.2.7");

    private Requests() { }

    /** A request as its text says, with {@code ^^} for the ends of lines and without the one at its end. */
    static RequestParser parse(String head) {
        RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
        ByteBuffer bytes = ByteBuffer.wrap((head.replace("^^", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        if (parser.parse(bytes) != Outcome.COMPLETE) {
            throw new IllegalArgumentException(head + ": " + parser.error());
        }
        return parser;
    }

    static RequestParser get(String host, String target) {
        return parse("GET " + target + " HTTP/1.1^^Host: " + host);
    }

    static Client client(String address) {
        return new Client(InetAddress.ofLiteral(address));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The request of {@link #CLIENT}. */
    static RoutedRequest routed(RequestParser head) {
        return routed(head, CLIENT);
    }

    static RoutedRequest routed(RequestParser head, Client client) {
        RoutedRequest request = new RoutedRequest(head, false);
        assertNull(request.take(client));
        return request;
    }

    /** The name of the route that takes a request; null if none does. */
    static String match(Router router, RequestParser request, Client client) {
        Route route = router.match(routed(request, client));
        return route == null ? null : route.name();
    }

    /** Where a redirect leads a request. */
    static String location(Route.Redirect redirect, RequestParser request) {
        HeadWriter writer = new HeadWriter();
        redirect.putLocation(routed(request), writer);
        return new String(writer.bytes(), 0, writer.length(), StandardCharsets.UTF_8);
    }

    static Match match(String host, String path) {
        return oneOf(Stream.ofNullable(host).toList(), Stream.ofNullable(path).toList());
    }

    /** One of these hosts with one of these paths. */
    static Match oneOf(List<String> hosts, List<String> paths) {
        return new Match(hosts, paths, List.of(), List.of(), Map.of(), Map.of(), Map.of(), List.of());
    }

    /** A route of that name to a pool of that name. */
    static RouteConfig toPool(String name, Match match) {
        return route(name, match, new Action.ToPool(name));
    }

    static RouteConfig route(String name, Match match, Action action) {
        return new RouteConfig(name, match, action, Rewrite.NONE, HeaderRules.NONE, HeaderRules.NONE,
                Optional.empty(), RouteConfig.Limits.NONE, RouteConfig.Timeouts.NONE);
    }

    /** A route with one path or none, compiled. */
    static Route compiled(Match match, Action action) {
        return Route.compiled(0, route("only", match, action)).getFirst();
    }
}
