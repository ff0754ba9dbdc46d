package io.sluice.launcher;

import io.sluice.config.parse.ConfigException;
import io.sluice.launcher.control.LaunchException;
import java.io.PrintWriter;

/** Tells what went wrong: what the operator can fix without a stack trace, and bugs with one. */
final class Failure {

    private Failure() { }

    /** Prints the error. @return the exit code for it */
    static int explain(Exception error, PrintWriter err) {
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
            default -> {
                error.printStackTrace(err);
                return ExitCode.BROKEN;
            }
        }
    }
}
