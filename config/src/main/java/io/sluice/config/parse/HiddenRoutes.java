package io.sluice.config.parse;

import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Finds routes that get no request, since earlier ones take all that match. It only sees those that name the same host
 * and path, which rank by their order; for all others, more specific ones come first anyway. Owned by one parse.
 */
final class HiddenRoutes {

    private final Map<Place, List<RouteConfig>> earlier = new HashMap<>();

    private HiddenRoutes() { }

    static List<RouteConfig> warn(List<RouteConfig> routes, Node at, Reading reading) {
        HiddenRoutes hidden = new HiddenRoutes();
        for (int i = 0; i < routes.size(); i++) {
            Set<String> takers = hidden.takersOf(routes.get(i));
            if (!takers.isEmpty()) {
                reading.warning(((SequenceNode) at).getValue().get(i), reading.path("[" + i + "]"),
                        "gets no request: " + String.join(" and ", takers) + ", further up, "
                                + (takers.size() == 1 ? "takes" : "take") + " all that match");
            }
        }
        return routes;
    }

    /** The names of the routes that take all of its requests, none if it gets some. Then it is an earlier one, too. */
    private Set<String> takersOf(RouteConfig route) {
        Set<String> takers = new LinkedHashSet<>();
        boolean getsSome = false;
        for (Place place : places(route.match())) {
            List<RouteConfig> rivals = earlier.computeIfAbsent(place, _ -> new ArrayList<>());
            Optional<RouteConfig> taker = rivals.stream().filter(rival -> takesAllOf(rival, route)).findFirst();
            getsSome |= taker.isEmpty();
            taker.map(RouteConfig::name).ifPresent(takers::add);
            rivals.add(route);
        }
        return getsSome ? Set.of() : takers;
    }

    /** Of two routes for one host and path: each condition of the one follows from the same of the other. */
    private static boolean takesAllOf(RouteConfig one, RouteConfig other) {
        Match rival = one.match();
        Match match = other.match();
        return allows(rival.pathSuffixes(), match.pathSuffixes()) && allows(rival.methods(), match.methods())
                && allows(rival.clients(), match.clients())
                && match.headers().entrySet().containsAll(rival.headers().entrySet())
                && match.query().entrySet().containsAll(rival.query().entrySet())
                && match.cookies().entrySet().containsAll(rival.cookies().entrySet());
    }

    /** Of each list one has to fit, and of an empty one anything does. */
    private static boolean allows(List<?> rivals, List<?> values) {
        return rivals.isEmpty() || !values.isEmpty() && rivals.containsAll(values);
    }

    private static List<Place> places(Match match) {
        return orAny(match.hosts()).stream()
                .flatMap(host -> orAny(match.paths()).stream().map(path -> new Place(host, path))).toList();
    }

    private static List<String> orAny(List<String> values) {
        return values.isEmpty() ? List.of("") : values;
    }

    /** Both as they are written, empty for any. */
    private record Place(String host, String path) { }
}
