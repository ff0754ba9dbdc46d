package io.sluice.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the record of each ended connection goes. Immutable.
 *
 * @param target off, standard output or a file
 * @param file   present exactly if the target is {@link Target#FILE}; absolute
 * @param format text or JSON lines
 */
public record SessionLogConfig(Target target, Optional<Path> file, Format format) {

    public SessionLogConfig {
        Checks.that((target == Target.FILE) == file.isPresent(), "session-log: a file goes with target file, only");
    }

    /** Where records go. */
    public enum Target { OFF, STDOUT, FILE }

    /** How records are written. */
    public enum Format { TEXT, JSON }
}
