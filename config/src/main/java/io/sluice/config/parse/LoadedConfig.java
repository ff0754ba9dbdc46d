package io.sluice.config.parse;

import io.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

    /** Wraps a configuration that was not read from a text. */
    public static LoadedConfig of(SluiceConfig config) {
        return new LoadedConfig(config, List.of(), Locations.NONE,
                new ConfigDocument("configuration", ConfigDump.toYaml(config), Path.of("").toAbsolutePath(),
                        Optional.empty()));
    }
}
