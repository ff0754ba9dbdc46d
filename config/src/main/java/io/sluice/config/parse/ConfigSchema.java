package io.sluice.config.parse;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The JSON Schema (draft 2020-12) of a configuration, for editors. It has the names of keys and the forms of values;
 * only the parser checks rules across several keys. Safe from any thread.
 */
public final class ConfigSchema {

    private ConfigSchema() { }

    /** The schema as JSON text. */
    public static String toJson() {
        Definitions definitions = new Definitions();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Sluice configuration");
        schema.putAll(RootSections.ROOT.schema(definitions));
        schema.put("$defs", definitions.schemas());
        return Json.write(schema);
    }
}
