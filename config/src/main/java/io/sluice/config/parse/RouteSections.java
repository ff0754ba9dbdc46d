package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.integer;

import io.sluice.config.Cidr;
import io.sluice.config.RequestKey;
import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Action;
import io.sluice.config.RouteConfig.HeaderRules;
import io.sluice.config.RouteConfig.Match;
import io.sluice.config.RouteConfig.Rewrite;
import io.sluice.config.RouteConfig.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of a route. */
final class RouteSections {

    private static final Section<Match> MATCH = match();
    private static final Section<Share> SHARE = share();
    private static final Section<Action.Redirect> REDIRECT = redirect();
    private static final Section<Action.Respond> RESPOND = respond();
    private static final Section<Rewrite> REWRITE = rewrite();

    static final ValueType<List<RouteConfig>> ROUTES = ListType.of(route()).uniqueBy("name")
            .map(RouteSections::named, routes -> routes.stream().map(Draft::of).toList());

    private RouteSections() { }

    /** A route as written, perhaps without a name. */
    private record Draft(Optional<String> name, Match match, Action action, Rewrite rewrite,
                         HeaderRules requestHeaders, HeaderRules responseHeaders) {

        static Draft of(RouteConfig route) {
            return new Draft(Optional.of(route.name()), route.match(), route.action(), route.rewrite(),
                    route.requestHeaders(), route.responseHeaders());
        }

        RouteConfig named(int number) {
            return new RouteConfig(name.orElse("route-" + number), match, action, rewrite, requestHeaders,
                    responseHeaders);
        }

        /** What the action is, if it is of that kind. */
        <A extends Action> Optional<A> action(Class<A> kind) {
            return kind.isInstance(action) ? Optional.of(kind.cast(action)) : Optional.empty();
        }
    }

    private static List<RouteConfig> named(List<Draft> drafts) {
        List<RouteConfig> routes = new ArrayList<>();
        drafts.forEach(draft -> routes.add(draft.named(routes.size() + 1)));
        return routes;
    }

    private static Section<Draft> route() {
        var keys = Section.<Draft>named("route", "Which requests, and what becomes of them: exactly one of `pool`, "
                + "`split`, `redirect` and `respond`.");
        var name = keys.maybe("name", Words.name("route"), Draft::name,
                "Unique in its listener; logs and metrics use it. Without one: `route-` and its number, from 1.");
        var match = keys.omitted("match", MATCH, Match.ANY, Draft::match, "Which requests; all of it must hold.");
        var pool = keys.maybe("pool", Words.poolInUse(),
                draft -> draft.action(Action.ToPool.class).map(Action.ToPool::pool), "They go to this pool.");
        var split = keys.maybe("split", ListType.of(SHARE).then(RouteSections::sumIsWhole),
                draft -> draft.action(Action.Split.class).map(Action.Split::shares),
                "They go to several pools, each by its share.");
        var splitBy = keys.maybe("split-by", RequestKeys.REQUEST_KEY,
                draft -> draft.action(Action.Split.class).flatMap(Action.Split::by),
                "What decides the side, so that the same client sees the same one; without it, and for requests that "
                        + "have no such part, chance.");
        var redirect = keys.maybe("redirect", REDIRECT, draft -> draft.action(Action.Redirect.class),
                "The client is sent elsewhere.");
        var respond = keys.maybe("respond", RESPOND, draft -> draft.action(Action.Respond.class),
                "Sluice answers by itself.");
        var rewrite = keys.omitted("rewrite", REWRITE, Rewrite.NONE, Draft::rewrite,
                "How the path changes on the way to a server.");
        var requestHeaders = keys.omitted("request-headers", HeaderSections.REQUEST, HeaderRules.NONE,
                Draft::requestHeaders, "How fields change on the way to a server.");
        var responseHeaders = keys.omitted("response-headers", HeaderSections.RESPONSE, HeaderRules.NONE,
                Draft::responseHeaders, "How fields change on the way to the client.");
        keys.check(List.of(pool, split, redirect, respond),
                values -> Stream.of(pool, split, redirect, respond)
                        .filter(action -> values.get(action).isPresent()).count() == 1,
                "a route has exactly one of pool, split, redirect and respond");
        keys.check(List.of(splitBy, split),
                values -> values.get(splitBy).isEmpty() || values.get(split).isPresent(), "is for routes with a split");
        return keys.build(values -> new Draft(values.get(name), values.get(match),
                Stream.<Optional<? extends Action>>of(
                        values.get(pool).map(Action.ToPool::new),
                        values.get(split).map(shares -> new Action.Split(shares, values.get(splitBy))),
                        values.get(redirect), values.get(respond))
                        .flatMap(Optional::stream).findFirst().orElseThrow(),
                values.get(rewrite), values.get(requestHeaders), values.get(responseHeaders)));
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
        var keys = Section.<Share>named("share", "One side of a split.");
        var pool = keys.required("pool", Words.poolInUse(), Share::pool, "Where this share goes.");
        var weight = keys.required("weight", Numbers.weight(), Share::steps,
                "In percent. The weights of a split add up to 100.");
        return keys.build(values -> new Share(values.get(pool), values.get(weight)));
    }

    private static Section<Match> match() {
        var keys = Section.<Match>named("match", "Which requests a route takes. Exact hosts come before `*.` hosts, "
                + "the longer of these first, and before none; within a host, exact paths before prefixes, the longer "
                + "of these first; then the order of the file. Of several in a list, the one that fits best counts.");
        var host = keys.omitted("host", ListType.of(HttpTypes.host()).notEmpty().eachOnce(), List.of(), Match::hosts,
                "One of these. Without a port, in any case; `\"*.example.com\"` is everything below example.com.");
        var path = keys.omitted("path", ListType.of(HttpTypes.pathPattern()).notEmpty().eachOnce(), List.of(),
                Match::paths, "One of these. Exact, or everything below: `/x/*`; `/x/**` is also `/x` itself. Compared "
                        + "in normal form.");
        var method = keys.omitted("method", ListType.of(HttpTypes.method()), List.of(), Match::methods,
                "One of these.");
        var header = keys.omitted("header", new Entries<>(HttpTypes.token("header field"), HttpTypes.line()), Map.of(),
                Match::headers, "The first field of that name has exactly that value.");
        var query = keys.omitted("query", new Entries<>(HttpTypes.queryPart(), HttpTypes.queryPart()), Map.of(),
                Match::query, "The first parameter of that name has exactly that value, percent-encoding included.");
        var cookie = keys.omitted("cookie", new Entries<>(HttpTypes.token("cookie"), HttpTypes.line()), Map.of(),
                Match::cookies, "The first cookie of that name has exactly that value.");
        var client = keys.<List<Cidr>>omitted("client", ListType.of(Addresses.network()), List.of(), Match::clients,
                "The client's address is in one of these networks.");
        return keys.build(values -> new Match(values.get(host), values.get(path), values.get(method),
                values.get(header), values.get(query), values.get(cookie), values.get(client)));
    }

    private static Section<Action.Redirect> redirect() {
        var keys = Section.<Action.Redirect>named("redirect", "Where a client is sent.");
        var to = keys.required("to", HttpTypes.location(), Action.Redirect::to, "A URI or a path. If it ends with a "
                + "slash, what is behind the matched prefix of the path is appended, and the query. A `*` in place of "
                + "the host is the one that the client asks for: `https://*/`.");
        var status = keys.optional("status", redirectStatus(), 302, Action.Redirect::status,
                "301 and 308 are for ever; 307 and 308 keep the method.");
        return keys.build(values -> new Action.Redirect(values.get(to), values.get(status)));
    }

    private static Scalar<Integer> redirectStatus() {
        Map<String, Integer> byWord = new LinkedHashMap<>();
        List.of(301, 302, 303, 307, 308).forEach(status -> byWord.put(status.toString(), status));
        return Words.oneOf(byWord);
    }

    private static Section<Action.Respond> respond() {
        var keys = Section.<Action.Respond>named("respond", "An answer of Sluice's own.");
        var status = keys.optional("status", integer(200, 599), 200, Action.Respond::status, "Of the answer.");
        var body = keys.optional("body", HttpTypes.text(), "", Action.Respond::body, "Sent in UTF-8.");
        var contentType = keys.optional("content-type", HttpTypes.line(), "text/plain; charset=utf-8",
                Action.Respond::contentType, "Of the body.");
        keys.check(List.of(body, status), values -> values.get(body).isEmpty()
                || values.get(status) != 204 && values.get(status) != 304, "a 204 or 304 has no body");
        return keys.build(values ->
                new Action.Respond(values.get(status), values.get(body), values.get(contentType)));
    }

    private static Section<Rewrite> rewrite() {
        var keys = Section.<Rewrite>named("rewrite", "First the prefix is taken off, then the other is put before.");
        var strip = keys.omitted("strip-prefix", HttpTypes.path(), "", Rewrite::stripPrefix,
                "Taken off where the path begins with it and a segment ends there: `/api` turns `/api/x` into `/x`.");
        var add = keys.omitted("add-prefix", HttpTypes.path(), "", Rewrite::addPrefix, "Put before the path.");
        return keys.build(values -> new Rewrite(values.get(strip), values.get(add)));
    }
}
