package io.sluice.config.parse;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. The message shows all of its errors. Immutable. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<ConfigError> errors;

    ConfigException(List<ConfigError> errors) {
        super(errors.stream().map(ConfigError::render).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** At least one, in the order of the file. */
    public List<ConfigError> errors() {
        return errors;
    }
}
