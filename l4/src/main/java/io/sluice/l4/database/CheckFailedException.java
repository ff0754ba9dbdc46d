package io.sluice.l4.database;

import io.sluice.core.log.OneLine;
import java.io.IOException;

/** A check that has failed for a known reason. Its message is for a log line and holds no password. */
final class CheckFailedException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient Reason reason;

    /** @param detail what the server says, in any form; may be empty */
    CheckFailedException(Reason reason, String detail, Throwable cause) {
        super(detail.isEmpty() ? reason.sentence() : reason.sentence() + ": " + OneLine.of(detail), cause);
        this.reason = reason;
    }

    CheckFailedException(Reason reason, String detail) {
        this(reason, detail, null);
    }

    Reason reason() {
        return reason;
    }
}
