package io.sluice.launcher;

/** Sluice cannot start with a configuration that is valid in itself; the message says why, for the operator. */
public final class LaunchException extends Exception {

    private static final long serialVersionUID = 1L;

    LaunchException(String message) {
        super(message);
    }
}
