package io.sluice.l7.route;

/**
 * What one of a route's paths says. Immutable.
 *
 * @param text the path itself, or the prefix with its slash at the end; empty: any path;
 *             in normal form
 */
record PathPattern(Kind kind, String text) {

    enum Kind {
        ANY,
        EXACT,
        /** {@code /x/*}: everything below. */
        BELOW,
        /** {@code /x/**}: that, and {@code /x} itself. */
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

    /** How much of a path that matches is what the pattern spells out; of an any-path route, its first slash. */
    int prefixLength() {
        return kind == Kind.ANY ? 1 : text.length();
    }
}
