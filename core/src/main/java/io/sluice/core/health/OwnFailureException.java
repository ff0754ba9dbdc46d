package io.sluice.core.health;

import java.io.IOException;

/**
 * A check could not be made, since this host lacks what it takes, such as file descriptors. That says nothing about the
 * server.
 */
final class OwnFailureException extends IOException {

    private static final long serialVersionUID = 1L;

    OwnFailureException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
