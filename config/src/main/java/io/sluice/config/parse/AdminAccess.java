package io.sluice.config.parse;

import io.sluice.config.AdminConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * How to reach the admin address of a Sluice that runs with a configuration. Immutable.
 *
 * @param tokenFile the file with the token, unless the configuration has the token
 */
public record AdminAccess(AdminConfig admin, Path tokenFile) {

    private static final Set<String> NAMES = Set.of("admin", "state-file");
    private static final String FILE_NAME = "admin.token";
    private static final Section<Keys> KEYS = keys();

    private record Keys(Optional<AdminConfig> admin, Optional<Path> stateFile) { }

    /** The access that a configuration defines; empty if it has no admin address. */
    public static Optional<AdminAccess> of(LoadedConfig loaded) {
        return of(new Keys(loaded.config().admin(), loaded.config().stateFile()), loaded.document().baseDirectory());
    }

    /** Reads the access from a file. The rest of the file need not be valid: the operator may be about to fix it. */
    public static Optional<AdminAccess> read(Path file) throws ConfigException {
        Source source = Source.read(file);
        Node root = YamlTree.compose(source);
        if (root instanceof MappingNode mapping) {
            mapping.getValue().removeIf(AdminAccess::isForOthers);
        }
        Reading reading = new Reading(source);
        Optional<Keys> keys = reading.read("", root, KEYS::read);
        if (reading.errorCount() > 0) {
            throw new ConfigException(reading.errors());
        }
        return of(keys.orElseThrow(), source.baseDirectory());
    }

    private static Optional<AdminAccess> of(Keys keys, Path directory) {
        return keys.admin().map(admin -> new AdminAccess(admin, admin.tokenFile()
                .or(() -> keys.stateFile().map(file -> file.resolveSibling(FILE_NAME)))
                .orElse(directory.resolve(FILE_NAME))));
    }

    private static boolean isForOthers(NodeTuple tuple) {
        return !(tuple.getKeyNode() instanceof ScalarNode key)
                || !NAMES.contains(key.getValue());
    }

    private static Section<Keys> keys() {
        var keys = Section.<Keys>named("admin-access", "How a running Sluice is asked.");
        var admin = keys.maybe("admin", AdminSections.ADMIN, Keys::admin, "The admin address.");
        var stateFile = keys.maybe("state-file", Words.path(), Keys::stateFile,
                "Beside it the token is, if nowhere else.");
        return keys.build(values -> new Keys(values.get(admin), values.get(stateFile)));
    }
}
