package io.sluice.l7.route;

import io.sluice.l7.http.PathNormalizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts of a configuration as the bytes that requests are compared with. Safe from any thread. */
final class Bytes {

    private Bytes() { }

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A path of a configuration in the normal form that requests' paths have when they are compared. Repeated slashes
     * stay: whether they count is for each listener to say.
     */
    static String normalPath(String path) {
        byte[] bytes = of(path);
        PathNormalizer normalizer = new PathNormalizer(false);
        int length = normalizer.normalize(bytes, 0, bytes.length, bytes, 0);
        if (length == PathNormalizer.REFUSED) {
            throw new IllegalArgumentException("no path: " + path + ": " + normalizer.error().sentence());
        }
        return length == PathNormalizer.ALREADY_NORMAL ? path : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    static boolean equal(byte[] text, byte[] bytes, int from, int to) {
        return Arrays.equals(text, 0, text.length, bytes, from, to);
    }
}
