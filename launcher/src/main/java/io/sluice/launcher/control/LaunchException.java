package io.sluice.launcher.control;

import io.sluice.config.parse.ConfigError;
import java.util.List;
import java.util.stream.Collectors;

/**
 * This host cannot provide what a configuration or a command, valid in itself, asks for. The message says all that is
 * amiss; of a configuration also where in the file it is asked for, and what to do about it.
 */
public final class LaunchException extends Exception {

    private static final long serialVersionUID = 1L;

    public LaunchException(String message) {
        super(message);
    }

    LaunchException(List<ConfigError> errors) {
        super(errors.stream().map(ConfigError::render).collect(Collectors.joining("\n")));
    }
}
