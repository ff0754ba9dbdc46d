package io.sluice.config.parse;

import io.sluice.config.SluiceConfig;
import java.util.List;

/**
 * A configuration that can be used, and what the operator should know about it all the same. Immutable.
 *
 * @param warnings in the order of the file, usually none
 */
public record LoadedConfig(SluiceConfig config, List<ConfigError> warnings) {

    public LoadedConfig {
        warnings = List.copyOf(warnings);
    }
}
