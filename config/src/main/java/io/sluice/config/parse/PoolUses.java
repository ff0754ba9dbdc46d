package io.sluice.config.parse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Finds uses of pools that are not defined, and pools that nothing uses. Owned by one parse. */
final class PoolUses {

    private final Map<String, Definition> definitions = new LinkedHashMap<>();
    private final List<Use> uses = new ArrayList<>();

    void define(String name, Node at, String path) {
        definitions.putIfAbsent(name, new Definition(at, path));
    }

    void use(String name, Node at, String path) {
        uses.add(new Use(name, at, path));
    }

    /** Uses of names that nothing defines are errors; definitions that nothing uses are warnings. */
    void resolve(Reading reading) {
        Set<String> unused = new HashSet<>(definitions.keySet());
        for (Use use : uses) {
            unused.remove(use.name());
            if (!definitions.containsKey(use.name())) {
                Optional<String> hint = definitions.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Nearest.hintByLetters(use.name(), definitions.keySet()));
                reading.error(use.at(), use.path(), "no pool is named \"" + use.name() + "\"", hint);
            }
        }
        for (String name : unused) {
            warning(name, "no listener uses this pool", reading);
        }
    }

    /** Warns where this pool is defined. */
    void warning(String name, String message, Reading reading) {
        Definition definition = definitions.get(name);
        reading.warning(definition.at(), definition.path(), message);
    }

    private record Definition(Node at, String path) { }

    private record Use(String name, Node at, String path) { }
}
