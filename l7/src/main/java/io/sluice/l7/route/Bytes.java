package io.sluice.l7.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts of a configuration as the bytes that requests are compared with. */
final class Bytes {

    private Bytes() { }

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static boolean equal(byte[] text, byte[] bytes, int from, int to) {
        return Arrays.equals(text, 0, text.length, bytes, from, to);
    }
}
