package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;

import io.sluice.config.Cidr;
import io.sluice.config.RateLimitConfig;
import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Action;
import io.sluice.config.RouteConfig.HeaderRules;
import io.sluice.config.RouteConfig.Limits;
import io.sluice.config.RouteConfig.Match;
import io.sluice.config.RouteConfig.Rewrite;
import io.sluice.config.RouteConfig.Share;
import io.sluice.config.RouteConfig.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of a route. */
final class RouteSections {

    private static final Section<Match> MATCH = match();
    private static final Section<Share> SHARE = share();
    private static final Section<Action.Redirect> REDIRECT = redirect();
    private static final Section<Action.Respond> RESPOND = respond();
    private static final Section<Rewrite> REWRITE = rewrite();
    private static final Section<Limits> LIMITS = limits();
    private static final Section<Timeouts> TIMEOUTS = timeouts();
    private static final ValueType<Draft> ROUTE = route().then(RouteSections::warnOfIdlePrefix);

    static final ValueType<List<RouteConfig>> ROUTES = ListType.of(ROUTE).uniqueBy("name")
            .map(RouteSections::named, routes -> routes.stream().map(Draft::of).toList())
            .then(HiddenRoutes::warn);

    private RouteSections() { }

    /** A route as written, perhaps without a name. */
    private record Draft(Optional<String> name, Match match, Action action, Rewrite rewrite,
                         HeaderRules requestHeaders, HeaderRules responseHeaders,
                         Optional<RateLimitConfig> rateLimit, Limits limits, Timeouts timeouts) {

        static Draft of(RouteConfig route) {
            return new Draft(Optional.of(route.name()), route.match(), route.action(), route.rewrite(),
                    route.requestHeaders(), route.responseHeaders(), route.rateLimit(), route.limits(),
                    route.timeouts());
        }

        RouteConfig named(int number) {
            return new RouteConfig(name.orElse("route-" + number), match, action, rewrite, requestHeaders,
                    responseHeaders, rateLimit, limits, timeouts);
        }

        /** What the action is, if it is of that kind. */
        <A extends Action> Optional<A> action(Class<A> kind) {
            return kind.isInstance(action) ? Optional.of(kind.cast(action)) : Optional.empty();
        }
    }

    /** Compares what is written, and so says nothing where the router's normal form may differ from that. */
    private static Draft warnOfIdlePrefix(Draft draft, Node at, Reading reading) {
        String prefix = draft.rewrite().stripPrefix();
        List<String> paths = draft.match().paths();
        if (!prefix.isEmpty() && !paths.isEmpty() && !isEncoded(prefix)
                && paths.stream().noneMatch(path -> isEncoded(path) || mayBegin(path, prefix))) {
            reading.warning(at, reading.path(".rewrite.strip-prefix"), "no path of this route begins with " + prefix);
        }
        return draft;
    }

    private static boolean isEncoded(String path) {
        return path.contains("%");
    }

    /** Whether a path that the pattern matches may begin with the prefix. */
    private static boolean mayBegin(String pattern, String prefix) {
        String segments = prefix.endsWith("/") ? prefix : prefix + "/";
        if (!pattern.endsWith("*")) {
            return (pattern + "/").startsWith(segments);
        }
        String start = pattern.substring(0, pattern.indexOf('*'));
        return start.startsWith(segments) || segments.startsWith(start);
    }

    private static List<RouteConfig> named(List<Draft> drafts) {
        List<RouteConfig> routes = new ArrayList<>();
        drafts.forEach(draft -> routes.add(draft.named(routes.size() + 1)));
        return routes;
    }

    /** One table, and as long as a route has keys: cut in two it would be harder to read. */
    private static Section<Draft> route() {
        var keys = Section.<Draft>named("route", "Which requests it takes, and what happens to them: exactly one of "
                + "`pool`, `split`, `redirect` and `respond`.");
        var name = keys.maybe("name", Words.name("route"), Draft::name,
                "Unique within its listener; used in logs and metrics. Default: `route-` and its number, from 1.");
        var match = keys.omitted("match", MATCH, Match.ANY, Draft::match,
                "Which requests the route takes; all conditions must hold.");
        var pool = keys.maybe("pool", Words.poolInUse(),
                draft -> draft.action(Action.ToPool.class).map(Action.ToPool::pool), "The pool to use.");
        var split = keys.maybe("split", ListType.of(SHARE).then(RouteSections::sumIsWhole),
                draft -> draft.action(Action.Split.class).map(Action.Split::shares),
                "Several pools to use, each with its share.");
        var splitBy = keys.maybe("split-by", RequestKeys.REQUEST_KEY,
                draft -> draft.action(Action.Split.class).flatMap(Action.Split::by),
                "What decides the pool, so that the same client always gets the same one. Without it, and for requests "
                        + "without this part or with an empty one, the choice is random.");
        var redirect = keys.maybe("redirect", REDIRECT, draft -> draft.action(Action.Redirect.class),
                "Redirects the client.");
        var respond = keys.maybe("respond", RESPOND, draft -> draft.action(Action.Respond.class),
                "Sluice answers the request itself.");
        var rewrite = keys.omitted("rewrite", REWRITE, Rewrite.NONE, Draft::rewrite,
                "How to change the path that the server gets.");
        var requestHeaders = keys.omitted("request-headers", HeaderSections.REQUEST, HeaderRules.NONE,
                Draft::requestHeaders, "How to change the header fields that the server gets.");
        var responseHeaders = keys.omitted("response-headers", HeaderSections.RESPONSE, HeaderRules.NONE,
                Draft::responseHeaders, "How to change the header fields that the client gets.");
        var rateLimit = keys.maybe("rate-limit", RateLimitSections.OF_REQUESTS, Draft::rateLimit,
                "How often each client may send a request that takes this route.");
        var limits = keys.omitted("limits", LIMITS, Limits.NONE, Draft::limits,
                "How much a client may send, instead of the listener's `limits`. Only with `pool` or `split`.");
        var timeouts = keys.omitted("timeouts", TIMEOUTS, Timeouts.NONE, Draft::timeouts,
                "How long to wait for a server, instead of the pool's and the listener's `timeouts`. Only with `pool` "
                        + "or `split`.");
        keys.refused("allow", "write match: { client: ... }, or allow into the listener");
        keys.neighbour("the listener", () -> ListenerSections.LISTENER);
        keys.neighbour("the pool", () -> PoolSections.POOLS);
        keys.check(List.of(pool, split, redirect, respond),
                values -> Stream.of(pool, split, redirect, respond)
                        .filter(action -> values.get(action).isPresent()).count() == 1,
                "a route has exactly one of pool, split, redirect and respond");
        keys.check(List.of(splitBy, split),
                values -> values.get(splitBy).isEmpty() || values.get(split).isPresent(), "is for routes with a split");
        Predicate<Values> answers = values -> values.get(redirect).isPresent() || values.get(respond).isPresent();
        keys.check(List.of(limits, redirect, respond),
                values -> values.get(limits).equals(Limits.NONE) || !answers.test(values),
                "limits of its own are for a route with a pool or a split; the listener's hold here, too");
        keys.check(List.of(timeouts, redirect, respond),
                values -> values.get(timeouts).equals(Timeouts.NONE) || !answers.test(values),
                "timeouts are for a route with a pool or a split; this one waits for no server");
        return keys.build(values -> new Draft(values.get(name), values.get(match),
                Stream.<Optional<? extends Action>>of(
                        values.get(pool).map(Action.ToPool::new),
                        values.get(split).map(shares -> new Action.Split(shares, values.get(splitBy))),
                        values.get(redirect), values.get(respond))
                        .flatMap(Optional::stream).findFirst().orElseThrow(),
                values.get(rewrite), values.get(requestHeaders), values.get(responseHeaders),
                values.get(rateLimit), values.get(limits), values.get(timeouts)));
    }

    private static List<Share> sumIsWhole(List<Share> shares, Node at, Reading reading) {
        int sum = shares.stream().mapToInt(Share::steps).sum();
        if (shares.size() < 2) {
            reading.error(at, "a split has at least two pools");
        } else if (sum != 100 * Action.Split.STEPS_PER_PERCENT) {
            reading.error(at, "the weights must add up to 100, not " + Numbers.weightText(sum));
        }
        return shares;
    }

    private static Section<Share> share() {
        var keys = Section.<Share>named("share", "One pool of a split.");
        var pool = keys.required("pool", Words.poolInUse(), Share::pool, "The pool that gets this share.");
        var weight = keys.required("weight", Numbers.weight(), Share::steps,
                "The share in percent. The weights of a split must add up to 100.");
        return keys.build(values -> new Share(values.get(pool), values.get(weight)));
    }

    private static Section<Match> match() {
        var keys = Section.<Match>named("match", "Which requests a route takes. Exact hosts come before `*.` hosts, "
                + "longer `*.` hosts before shorter ones, and routes without a host last. Within a host, exact paths "
                + "come before prefixes, and longer prefixes before shorter ones. Otherwise the order in the file "
                + "decides. Of several matches in a list, the best one counts.");
        var host = keys.omitted("host", ListType.of(HttpTypes.host()).notEmpty().eachOnce(), List.of(), Match::hosts,
                "The request's host is one of these, whatever its case and port. `\"*.example.com\"` matches every "
                        + "host below example.com.");
        var path = keys.omitted("path", ListType.of(HttpTypes.pathPattern()).notEmpty().eachOnce(), List.of(),
                Match::paths, "The path is one of these. `/x/*` matches every path that begins with `/x/`; `/x/**` "
                        + "matches `/x` itself, too. Paths are compared in normal form.");
        var pathSuffix = keys.omitted("path-suffix", ListType.of(HttpTypes.pathSuffix()).notEmpty().eachOnce(),
                List.of(), Match::pathSuffixes, "The path ends with one of these, such as `.php`. This changes nothing "
                        + "about the order of routes.");
        var method = keys.omitted("method", ListType.of(HttpTypes.method()), List.of(), Match::methods,
                "The method is one of these.");
        var header = keys.omitted("header", new Entries<>(HttpTypes.token("header field"), HttpTypes.line()), Map.of(),
                Match::headers, "The first field of that name has exactly that value.");
        var query = keys.omitted("query", new Entries<>(HttpTypes.queryPart(), HttpTypes.queryPart()), Map.of(),
                Match::query, "The first parameter of that name has exactly that value, percent-encoding included.");
        var cookie = keys.omitted("cookie", new Entries<>(HttpTypes.token("cookie"), HttpTypes.line()), Map.of(),
                Match::cookies, "The first cookie of that name has exactly that value.");
        var client = keys.<List<Cidr>>omitted("client", ListType.of(Addresses.network()), List.of(), Match::clients,
                "The client's address is in one of these networks.");
        keys.refused(List.of("sni", "alpn"), "only with protocol: tcp; the name that a request asks for is host");
        return keys.build(values -> new Match(values.get(host), values.get(path), values.get(pathSuffix),
                values.get(method), values.get(header), values.get(query), values.get(cookie), values.get(client)));
    }

    private static Section<Action.Redirect> redirect() {
        var keys = Section.<Action.Redirect>named("redirect", "Where to redirect the client.");
        var to = keys.required("to", HttpTypes.withoutVariables(HttpTypes.location()), Action.Redirect::to,
                "A URI or a path. If it ends with a slash, the part of the path after the matched prefix is appended, "
                        + "and the query. `*` in place of the host stands for the host that the client asked for: "
                        + "`https://*/`.");
        var status = keys.optional("status", Words.oneOf(List.of(301, 302, 303, 307, 308), Object::toString), 302,
                Action.Redirect::status, "301 and 308 are permanent; 307 and 308 keep the method.");
        return keys.build(values -> new Action.Redirect(values.get(to), values.get(status)));
    }

    private static Section<Action.Respond> respond() {
        var keys = Section.<Action.Respond>named("respond", "An answer from Sluice itself.");
        var status = keys.optional("status", integer(200, 599), 200, Action.Respond::status, "Status of the answer.");
        var body = keys.optional("body", HttpTypes.text(), "", Action.Respond::body, "Sent in UTF-8.");
        var contentType = keys.optional("content-type", HttpTypes.line(), "text/plain; charset=utf-8",
                Action.Respond::contentType, "Type of the body.");
        keys.check(List.of(body, status), values -> values.get(body).isEmpty()
                || !Set.of(204, 205, 304).contains(values.get(status)), "a 204, 205 or 304 has no body");
        return keys.build(values ->
                new Action.Respond(values.get(status), values.get(body), values.get(contentType)));
    }

    private static Section<Rewrite> rewrite() {
        var keys = Section.<Rewrite>named("rewrite", "First `strip-prefix` is removed, then `add-prefix` is added.");
        var strip = keys.omitted("strip-prefix", HttpTypes.path(), "", Rewrite::stripPrefix,
                "Removed from paths that begin with it, if a segment ends there: `/api` turns `/api/x` into `/x`.");
        var add = keys.omitted("add-prefix", HttpTypes.path(), "", Rewrite::addPrefix, "Added in front of the path.");
        return keys.build(values -> new Rewrite(values.get(strip), values.get(add)));
    }

    private static Section<Limits> limits() {
        var keys = Section.<Limits>named("route-limits", "How much a client may send. What is not given is as for "
                + "the listener.");
        var bodyBytes = keys.maybe("body-bytes", HttpTypes.bodyBytes(), Limits::bodyBytes,
                "Maximum size of a request's body. A larger one gets 413.");
        return keys.build(values -> new Limits(values.get(bodyBytes)));
    }

    private static Section<Timeouts> timeouts() {
        var keys = Section.<Timeouts>named("route-timeouts", "How long to wait for a server. What is not given is as "
                + "for the pool, and `tunnel` as for the listener.");
        var response = keys.maybe("response", duration(), Timeouts::response,
                "From the end of a request to the head of its response.");
        var server = keys.maybe("server", duration(), Timeouts::server,
                "How long the server side may be idle.");
        var tunnel = keys.maybe("tunnel", duration(), Timeouts::tunnel,
                "How long an upgraded connection, such as a WebSocket, may be idle.");
        return keys.build(values -> new Timeouts(values.get(response), values.get(server), values.get(tunnel)));
    }
}
