package io.sluice.l7.route;

import io.sluice.config.RouteConfig;

/** How a route changes the path of a request. Immutable. */
public final class Rewrite {

    /** What {@link #apply} returns if the path stays as it is. */
    static final int UNCHANGED = -1;

    private final byte[] stripped;
    private final byte[] added;

    Rewrite(RouteConfig.Rewrite config) {
        stripped = prefix(config.stripPrefix());
        added = prefix(config.addPrefix());
    }

    /** By how many bytes a path can grow at most. */
    int mostGrowth() {
        return added.length + 1;
    }

    /**
     * Writes the changed path, which begins with a slash. The target {@code *}, which is not a path, stays as it is.
     *
     * @param target another array, with room for the path and {@link #mostGrowth}
     * @return the number of bytes written, or {@link #UNCHANGED}
     */
    int apply(byte[] path, int offset, int length, byte[] target) {
        boolean strips = stripped.length > 0 && length >= stripped.length
                && Bytes.equal(stripped, path, offset, offset + stripped.length)
                && (length == stripped.length || path[offset + stripped.length] == '/');
        if (path[offset] != '/' || !strips && added.length == 0) {
            return UNCHANGED;
        }
        int from = strips ? offset + stripped.length : offset;
        int count = offset + length - from;
        System.arraycopy(added, 0, target, 0, added.length);
        System.arraycopy(path, from, target, added.length, count);
        if (added.length + count == 0) {
            target[0] = '/';
            return 1;
        }
        return added.length + count;
    }

    /** The prefix without a final slash, because the path that follows begins with one. */
    private static byte[] prefix(String written) {
        String normal = written.isEmpty() ? written : Bytes.normalPath(written);
        return Bytes.of(normal.endsWith("/") ? normal.substring(0, normal.length() - 1) : normal);
    }
}
