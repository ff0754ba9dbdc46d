package io.sluice.launcher.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** All operations of the admin address. Immutable. */
record Routes(List<Route> all) {

    Routes {
        all = List.copyOf(all);
    }

    /** The route of a request, with the values of the path's variable parts. */
    record Match(Route route, Map<String, String> parts) { }

    /** Empty if no route has the path. @throws Problem if a route has the path, but none with this method */
    Optional<Match> find(String method, String path) {
        List<String> steps = Route.split(path);
        String wanted = method.equals("HEAD") ? "GET" : method;
        for (Route route : all) {
            Optional<Map<String, String>> parts = route.match(steps);
            if (parts.isPresent() && route.method().equals(wanted)) {
                return Optional.of(new Match(route, parts.get()));
            }
        }
        String allowed = all.stream().filter(route -> route.match(steps).isPresent()).map(Route::method).distinct()
                .sorted().collect(Collectors.joining(", "));
        if (!allowed.isEmpty()) {
            throw Problem.with(405, "Method not allowed", path + " allows " + allowed, "Allow", allowed);
        }
        return Optional.empty();
    }
}
