package io.sluice.core.health;

import java.io.IOException;

/**
 * Thrown if a check could not be made because this host lacks a resource, such as file descriptors. It says nothing
 * about the server.
 */
final class OwnFailureException extends IOException {

    private static final long serialVersionUID = 1L;

    OwnFailureException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
