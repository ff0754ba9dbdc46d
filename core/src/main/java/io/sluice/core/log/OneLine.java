package io.sluice.core.log;

/** Makes a text from outside fit for a log line: one line of bounded length, without control characters. */
public final class OneLine {

    private static final int MOST_CHARACTERS = 200;

    private OneLine() { }

    public static String of(String text) {
        String cut = text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
        StringBuilder line = new StringBuilder();
        cut.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return line.toString().strip();
    }
}
