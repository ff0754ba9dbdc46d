package io.sluice.launcher.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The description of the API is that of the API. */
class OpenApiTest {

    private final List<Route> routes = AdminServer.routes(null, null, Route.Access.ALL).all();
    private JsonNode description;

    @BeforeEach
    void read() throws IOException {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            description = JsonMapper.shared().readTree(in);
        }
    }

    /** By method and path. */
    private Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new TreeMap<>();
        description.get("paths").properties().forEach(path -> path.getValue().properties().forEach(operation ->
                operations.put(operation.getKey().toUpperCase() + " " + path.getKey(), operation.getValue())));
        return operations;
    }

    private static String key(Route route) {
        return route.method() + " " + route.template();
    }

    @Test
    void describesEveryRouteAndNoOther() {
        assertEquals(routes.stream().map(OpenApiTest::key).collect(Collectors.toCollection(TreeSet::new)),
                operations().keySet());
    }

    @Test
    void saysWhatNeedsNoToken() {
        for (Route route : routes) {
            boolean isOpen = operations().get(key(route)).has("security");
            assertEquals(route.access() == Route.Access.ALL, isOpen, key(route));
        }
    }

    @Test
    void saysWhatTakesABody() {
        for (Route route : routes) {
            JsonNode body = operations().get(key(route)).path("requestBody").path("content");
            Set<String> types = body.propertyNames().stream().collect(Collectors.toSet());
            assertEquals(switch (route.takes()) {
                case NOTHING -> Set.of();
                case JSON -> Set.of("application/json");
                case TEXT -> Set.of("application/yaml");
            }, types, key(route));
        }
    }

    @Test
    void describesEachPartOfAPath() {
        for (Route route : routes) {
            List<String> parts = Pattern.compile("\\{(\\w+)}").matcher(route.template()).results()
                    .map(part -> part.group(1)).toList();
            assertEquals(parts, parameters(route, "path"), key(route));
        }
    }

    @Test
    void describesEachParameterOfAQuery() {
        for (Route route : routes) {
            assertEquals(route.parameters(), Set.copyOf(parameters(route, "query")), key(route));
        }
    }

    /** The names of an operation's parameters in one place. */
    private List<String> parameters(Route route, String place) {
        List<String> names = new ArrayList<>();
        for (JsonNode parameter : operations().get(key(route)).path("parameters")) {
            JsonNode resolved = resolve(parameter.get("$ref").asString());
            if (resolved.get("in").asString().equals(place)) {
                names.add(resolved.get("name").asString());
            }
        }
        return names;
    }

    @Test
    void refersToNothingThatIsNotThere() {
        List<JsonNode> references = description.findValues("$ref");
        assertFalse(references.isEmpty());
        references.forEach(reference -> assertFalse(resolve(reference.asString()).isMissingNode(),
                reference.asString()));
    }

    private JsonNode resolve(String reference) {
        return description.at(reference.substring(1));
    }
}
