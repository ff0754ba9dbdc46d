package io.sluice.config.parse;

import java.util.LinkedHashMap;
import java.util.Map;

/** The schemas of sections by name, each written once and referred to from everywhere. Owned by one generation. */
final class Definitions {

    private final Map<String, Object> schemas = new LinkedHashMap<>();

    /** A reference to the section's schema. */
    Map<String, Object> reference(Section<?> section) {
        if (!schemas.containsKey(section.name())) {
            // The place is taken first, so that sections stand before those inside them.
            schemas.put(section.name(), Map.of());
            schemas.put(section.name(), section.ownSchema(this));
        }
        return Json.object("$ref", "#/$defs/" + section.name());
    }

    Map<String, Object> schemas() {
        return schemas;
    }
}
