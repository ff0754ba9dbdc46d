package io.sluice.config.parse;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON as maps, lists, strings, numbers and booleans, for the schema. */
final class Json {

    private Json() { }

    /** A map in the order given: names and values in turn. */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
