package io.sluice.l7.route;

/**
 * Finds {@code name=value} pairs in bytes: the parameters of a query, split by ampersands, and the pairs of a Cookie
 * field (RFC 6265, section 4.2.1), split by semicolons with a space. Nothing is decoded. Owned by no one: it holds the
 * last find in the caller's {@link Range}.
 */
final class Pairs {

    private Pairs() { }

    /** Where a value stands. Owned by one thread. */
    static final class Range {
        int from;
        int to;
    }

    /** Finds the first pair of that name; a name without an equals sign has an empty value. */
    static boolean find(byte[] name, byte[] bytes, int from, int to, char separator, Range found) {
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
