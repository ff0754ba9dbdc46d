package io.sluice.l7.route;

/**
 * Finds {@code name=value} pairs in bytes: the parameters of a query, separated by ampersands, and the pairs of a
 * Cookie field (RFC 6265, section 4.2.1), separated by semicolons and spaces. Nothing is decoded. Safe from any thread:
 * the result goes to the caller's {@link Range}.
 */
public final class Pairs {

    private Pairs() { }

    /** Where a value was found: from the first position, up to but without the second. Owned by one thread. */
    public static final class Range {
        public int from;
        public int to;
    }

    /** Finds the first pair with that name. A name without an equals sign has an empty value. */
    public static boolean find(byte[] name, byte[] bytes, int from, int to, char separator, Range found) {
        int start = from;
        while (start < to) {
            while (start < to && bytes[start] == ' ') {
                start++;
            }
            int end = start;
            while (end < to && bytes[end] != separator) {
                end++;
            }
            int nameEnd = start;
            while (nameEnd < end && bytes[nameEnd] != '=') {
                nameEnd++;
            }
            if (Bytes.equal(name, bytes, start, nameEnd)) {
                found.from = Math.min(nameEnd + 1, end);
                found.to = end;
                return true;
            }
            start = end + 1;
        }
        return false;
    }
}
