package io.sluice.config.parse;

import java.util.LinkedHashMap;
import java.util.Map;

/** The schemas of sections by name, each written once and then referred to. Owned by one writing of the schema. */
final class Definitions {

    private final Map<String, Object> schemas = new LinkedHashMap<>();

    /** A reference to the section's schema. */
    Map<String, Object> reference(Section<?> section) {
        if (!schemas.containsKey(section.name())) {
            // Reserves the place, so that a section stands before the sections inside it.
            schemas.put(section.name(), Map.of());
            schemas.put(section.name(), section.ownSchema(this));
        }
        return Json.object("$ref", "#/$defs/" + section.name());
    }

    Map<String, Object> schemas() {
        return schemas;
    }
}
