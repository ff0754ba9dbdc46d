package io.sluice.launcher.control;

import io.sluice.config.parse.ConfigError;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says that this host cannot provide what a valid configuration or command asks for. The message lists all faults; for
 * a configuration, each with its place in the file and what to do about it.
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
