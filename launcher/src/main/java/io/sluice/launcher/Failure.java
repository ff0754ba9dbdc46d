package io.sluice.launcher;

import io.sluice.config.parse.ConfigException;
import io.sluice.launcher.control.LaunchException;
import java.io.PrintWriter;

/** Tells of errors that the operator can fix, without a stack trace. */
final class Failure {

    private Failure() { }

    /** Prints the error and returns the exit code for it. @throws Exception the error itself if it is a bug */
    static int explain(Exception error, PrintWriter err) throws Exception {
        switch (error) {
            case ConfigException invalid -> {
                err.println(invalid.getMessage());
                err.println(invalid.errors().size() == 1 ? "1 error: the configuration is not valid."
                        : invalid.errors().size() + " errors: the configuration is not valid.");
                return ExitCode.INVALID_CONFIG;
            }
            case LaunchException cannotStart -> {
                err.println(cannotStart.getMessage());
                return ExitCode.CANNOT_START;
            }
            default -> throw error;
        }
    }
}
