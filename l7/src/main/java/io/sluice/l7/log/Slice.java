package io.sluice.l7.log;

import java.nio.charset.StandardCharsets;

/** A few bytes of an array, valid until the array's owner changes them. Immutable. */
record Slice(byte[] bytes, int offset, int length) {

    static final Slice NONE = new Slice(new byte[0], 0, 0);

    boolean isEmpty() {
        return length == 0;
    }

    /** The bytes as text, one character for each byte. */
    String text() {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
}
