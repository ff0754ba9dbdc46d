package io.sluice.l7.log;

/**
 * Which bytes of a value from the wire stand in a line of text as they are; of the others, a double quote and a
 * backslash get a backslash before them and the rest are written as {@code \xHH}. Control bytes and those beyond ASCII
 * are never plain, so that no value ends the line or hides part of it; nor is what ends the value's own place in the
 * line, so that no value passes for the next one. Immutable.
 */
final class Escaping {

    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PRINTABLE = '~';

    private final boolean[] plain = new boolean[256];

    /**
     * For a value at one place of a line.
     *
     * @param isQuoted  whether the place is inside of double quotes; if not, a space is not plain
     * @param separator what stands behind the value; it is not plain, unless it is a letter or a digit
     */
    Escaping(boolean isQuoted, char separator) {
        for (char c = FIRST_PRINTABLE; c <= LAST_PRINTABLE; c++) {
            plain[c] = c != '"' && c != '\\' && (isQuoted || c != ' ') && (c != separator || isInEscapes(c));
        }
    }

    boolean isPlain(byte octet) {
        return plain[octet & 0xff];
    }

    /** Letters and digits stand in escapes themselves, so that escaping them would keep nothing apart. */
    private static boolean isInEscapes(char c) {
        return Character.isLetterOrDigit(c);
    }
}
