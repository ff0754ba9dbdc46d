package io.sluice.l7.route;

import io.sluice.l7.http.PathNormalizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Turns texts of the configuration into bytes that requests are compared with. Safe from any thread. */
final class Bytes {

    static final byte[] NONE = { };

    private Bytes() { }

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A path of the configuration in normal form, since requests' paths are compared in normal form. Repeated slashes
     * are kept, because each listener decides by itself whether it merges them.
     */
    static String normalPath(String path) {
        byte[] bytes = of(path);
        PathNormalizer normalizer = new PathNormalizer(false);
        int length = normalizer.normalize(bytes, 0, bytes.length, bytes);
        if (length == PathNormalizer.REFUSED) {
            throw new IllegalArgumentException("no path: " + path + ": " + normalizer.error().sentence());
        }
        return length == PathNormalizer.ALREADY_NORMAL ? path : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    static boolean equal(byte[] text, byte[] bytes, int from, int to) {
        return Arrays.equals(text, 0, text.length, bytes, from, to);
    }
}
