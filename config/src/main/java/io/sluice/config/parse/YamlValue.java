package io.sluice.config.parse;

import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A value as it could stand in a configuration, without a look at what it is for. */
public final class YamlValue {

    private YamlValue() { }

    /**
     * What the text means: a text, a number, a boolean, null, or a {@link List} or {@link Map} of such.
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
