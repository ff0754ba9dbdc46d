package io.sluice.config.parse;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON Schema (draft 2020-12) of a configuration, for editors. It has the names of keys and the forms of values;
 * only the parser checks rules across several keys.
 */
final class ConfigSchema {

    private static final DefaultPrettyPrinter LAYOUT = new DefaultPrettyPrinter(Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Spacing.AFTER).withObjectEmptySeparator("").withArrayEmptySeparator(""))
            .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);

    private ConfigSchema() { }

    /** The schema as JSON text. */
    static String toJson() {
        Definitions definitions = new Definitions();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Sluice configuration");
        schema.putAll(RootSections.ROOT.schema(definitions));
        schema.put("$defs", definitions.schemas());
        return JsonMapper.shared().writer().with(LAYOUT).writeValueAsString(schema) + "\n";
    }
}
