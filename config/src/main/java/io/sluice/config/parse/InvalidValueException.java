package io.sluice.config.parse;

import java.util.Optional;

/** A scalar that its type does not accept. */
final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String suggestion;

    InvalidValueException(String message) {
        this(message, null);
    }

    InvalidValueException(String message, String suggestion) {
        super(message);
        this.suggestion = suggestion;
    }

    Optional<String> suggestion() {
        return Optional.ofNullable(suggestion);
    }
}
