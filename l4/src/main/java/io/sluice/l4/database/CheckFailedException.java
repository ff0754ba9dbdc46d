package io.sluice.l4.database;

import java.io.IOException;

/** A check that has failed for a known reason. Its message is for a log line and holds no password. */
final class CheckFailedException extends IOException {

    private static final long serialVersionUID = 1;
    private static final int MOST_DETAIL = 200;

    private final transient Reason reason;

    /** @param detail what the server says, in any form; may be empty */
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

    /** Makes a text from outside fit for a log line: one line of bounded length. */
    static String oneLine(String text) {
        String cut = text.length() <= MOST_DETAIL ? text : text.substring(0, MOST_DETAIL) + "...";
        StringBuilder line = new StringBuilder();
        cut.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return line.toString().strip();
    }
}
