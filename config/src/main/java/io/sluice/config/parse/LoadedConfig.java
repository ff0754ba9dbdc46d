package io.sluice.config.parse;

import io.sluice.config.SluiceConfig;
import java.util.List;

/**
 * A valid configuration, with its warnings. Immutable.
 *
 * @param warnings  in the order of the file, usually none
 * @param locations the places of its parts in the file
 * @param document  the text that it was read from
 */
public record LoadedConfig(SluiceConfig config, List<ConfigError> warnings, Locations locations,
                           ConfigDocument document) {

    public LoadedConfig {
        warnings = List.copyOf(warnings);
    }
}
