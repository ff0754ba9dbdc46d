package io.sluice.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the record of each HTTP request goes. Immutable.
 *
 * @param target   off, standard output or a file
 * @param file     present exactly if the target is {@link SessionLogConfig.Target#FILE}; absolute
 * @param format   how records are written
 * @param template present exactly if the format is {@link Format#TEMPLATE}: an {@link AccessLogTemplate}
 */
public record AccessLogConfig(
        SessionLogConfig.Target target, Optional<Path> file, Format format, Optional<String> template) {

    public AccessLogConfig {
        Checks.that((target == SessionLogConfig.Target.FILE) == file.isPresent(),
                "access-log: a file goes with target file, only");
        Checks.that((format == Format.TEMPLATE) == template.isPresent(),
                "access-log: a template goes with format template, only");
        template.ifPresent(AccessLogTemplate::of);
    }

    /** How records are written. */
    public enum Format { COMBINED, JSON, TEMPLATE }
}
