package io.sluice.launcher.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One operation of the admin address. Immutable.
 *
 * @param path       such as {@code /api/v1/pools/{pool}}
 * @param access     who may call it
 * @param takes      the type of the request's body
 * @param parameters which the query may have
 */
record Route(String method, List<String> path, Access access, Takes takes, Set<String> parameters,
             Operation operation) {

    /** Who may call an operation. */
    enum Access { ALL, WITH_TOKEN }

    /** The type of a request's body. */
    enum Takes { NOTHING, JSON, TEXT }

    /** Answers a request. May block; runs on a virtual thread. */
    interface Operation {
        Answer answer(Call call) throws Exception;
    }

    static Route open(String method, String path, Operation operation) {
        return new Route(method, split(path), Access.ALL, Takes.NOTHING, Set.of(), operation);
    }

    static Route of(String method, String path, Operation operation) {
        return new Route(method, split(path), Access.WITH_TOKEN, Takes.NOTHING, Set.of(), operation);
    }

    Route taking(Takes body) {
        return new Route(method, path, access, body, parameters, operation);
    }

    Route with(Access other) {
        return new Route(method, path, other, takes, parameters, operation);
    }

    Route asking(String... names) {
        return new Route(method, path, access, takes, Set.of(names), operation);
    }

    /** Refuses what would be ignored. Probes and scrapers may add parameters of their own to paths outside the API. */
    void checkParameters(Set<String> given) {
        if (path.getFirst().equals("api")) {
            given.stream().filter(name -> !parameters.contains(name)).findFirst().ifPresent(name -> {
                throw Problem.badRequest("unknown parameter " + name + (parameters.isEmpty() ? "; there is none here"
                        : "; known here: " + String.join(", ", new TreeSet<>(parameters))));
            });
        }
    }

    static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    String template() {
        return "/" + String.join("/", path);
    }

    /** The values of the path's variable parts, by name; empty if the path does not match. */
    Optional<Map<String, String>> match(List<String> actual) {
        if (actual.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> parts = new LinkedHashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String expected = path.get(i);
            if (expected.startsWith("{")) {
                parts.put(expected.substring(1, expected.length() - 1), actual.get(i));
            } else if (!expected.equals(actual.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parts);
    }
}
