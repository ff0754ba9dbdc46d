package io.sluice.config.parse;

import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Parses a value of a configuration without knowing its key. Safe from any thread. */
public final class YamlValue {

    private YamlValue() { }

    /**
     * Parses a text to a string, a number, a boolean, null, or a {@link List} or {@link Map} of these.
     *
     * @throws IllegalArgumentException if it is not YAML
     */
    public static Object parse(String yaml) {
        try {
            return new Load(LoadSettings.builder().build()).loadFromString(yaml);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("not YAML: " + yaml, e);
        }
    }
}
