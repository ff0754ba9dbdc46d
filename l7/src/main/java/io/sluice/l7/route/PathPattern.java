package io.sluice.l7.route;

/**
 * One of the paths in a route's configuration. Immutable.
 *
 * @param text the path, or the prefix including its final slash, in normal form; empty for any path
 */
record PathPattern(Kind kind, String text) {

    enum Kind {
        ANY,
        EXACT,
        /** {@code /x/*}: everything below {@code /x/}. */
        BELOW,
        /** {@code /x/**}: the same, and {@code /x} itself. */
        BELOW_OR_SELF
    }

    static final PathPattern ANY = new PathPattern(Kind.ANY, "");

    static PathPattern of(String text) {
        if (text.endsWith("/**")) {
            return new PathPattern(Kind.BELOW_OR_SELF, Bytes.normalPath(text.substring(0, text.length() - 2)));
        }
        if (text.endsWith("/*")) {
            return new PathPattern(Kind.BELOW, Bytes.normalPath(text.substring(0, text.length() - 1)));
        }
        return new PathPattern(Kind.EXACT, Bytes.normalPath(text));
    }

    /** The length of the part of a matching path that the pattern spells out; for any path, its first slash. */
    int prefixLength() {
        return kind == Kind.ANY ? 1 : text.length();
    }
}
