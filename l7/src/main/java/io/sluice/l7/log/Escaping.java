package io.sluice.l7.log;

/**
 * Decides which bytes of a value from the wire are written to a log line as they are. Of the others, a double quote and
 * a backslash get a backslash before them, and the rest are written as {@code \xHH}. Control bytes and bytes beyond
 * ASCII are always escaped, so that no value can end the line or hide part of it. The character that ends the value's
 * place is escaped, too, so that no value can pass for the next one. Immutable.
 */
final class Escaping {

    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PRINTABLE = '~';

    private final boolean[] plain = new boolean[256];

    /**
     * Makes the escaping for values at one place of the line.
     *
     * @param isQuoted  whether the place is inside double quotes; if not, spaces are escaped
     * @param separator the character behind the value, which is escaped, unless it is a letter or a digit
     */
    Escaping(boolean isQuoted, char separator) {
        for (char c = FIRST_PRINTABLE; c <= LAST_PRINTABLE; c++) {
            plain[c] = c != '"' && c != '\\' && (isQuoted || c != ' ') && (c != separator || isInEscapes(c));
        }
    }

    boolean isPlain(byte octet) {
        return plain[octet & 0xff];
    }

    /** Letters and digits: they occur in escapes themselves, so escaping them would not separate values. */
    private static boolean isInEscapes(char c) {
        return Character.isLetterOrDigit(c);
    }
}
