package io.sluice.l4.database;

import java.io.IOException;

/** A check that has failed for a known reason. Its message is for a log line and holds no password. */
final class CheckFailedException extends IOException {

    private static final long serialVersionUID = 1;
    private static final int MOST_DETAIL = 200;

    private final transient Reason reason;

    /** @param detail what the server says, which may be anything; empty: nothing */
    CheckFailedException(Reason reason, String detail, Throwable cause) {
        super(detail.isEmpty() ? reason.sentence() : reason.sentence() + ": " + oneLine(detail), cause);
        this.reason = reason;
    }

    CheckFailedException(Reason reason, String detail) {
        this(reason, detail, null);
    }

    Reason reason() {
        return reason;
    }

    /** A text from outside, so that it neither breaks a log line nor fills the log. */
    static String oneLine(String text) {
        String cut = text.length() <= MOST_DETAIL ? text : text.substring(0, MOST_DETAIL) + "...";
        StringBuilder line = new StringBuilder();
        cut.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return line.toString().strip();
    }
}
