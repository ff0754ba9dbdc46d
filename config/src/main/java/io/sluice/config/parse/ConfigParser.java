package io.sluice.config.parse;

import io.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a configuration. Reports all errors of a file at once, up to a thousand; of invalid YAML, only the first error.
 * A file has at most 16 MiB of UTF-8 text, and a line at most 256 KiB. Safe from any thread.
 */
public final class ConfigParser {

    private ConfigParser() { }

    /** The configuration in a file. */
    public static LoadedConfig load(Path file) throws ConfigException {
        return load(Source.read(file), Optional.of(file));
    }

    /**
     * The configuration in a text.
     *
     * @param name          what errors call the text, such as a file's name
     * @param baseDirectory where relative paths in the configuration start
     */
    public static LoadedConfig load(String text, String name, Path baseDirectory) throws ConfigException {
        return load(Source.of(name, text, baseDirectory.toAbsolutePath()), Optional.empty());
    }

    static LoadedConfig load(Source source, Optional<Path> file) throws ConfigException {
        Node root = YamlTree.compose(source);
        Reading reading = new Reading(source);
        Optional<SluiceConfig> config = reading.read("", root, RootSections.ROOT::read);
        List<ConfigError> errors = reading.errors();
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return new LoadedConfig(config.orElseThrow(), reading.warnings(), reading.locations(),
                ConfigDocument.of(source, file));
    }
}
