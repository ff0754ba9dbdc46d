package io.sluice.launcher.soak;

import java.nio.charset.StandardCharsets;

/** Bytes that look random and are known by their key and offset alone, so that those of another place stand out. */
final class Content {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Content() { }

    static long key(String name) {
        long key = GOLDEN;
        for (byte one : name.getBytes(StandardCharsets.US_ASCII)) {
            key = mix(key ^ one);
        }
        return key;
    }

    static byte[] bytes(long key, long offset, int count) {
        byte[] bytes = new byte[count];
        long word = 0;
        for (int i = 0; i < count; i++) {
            long at = offset + i;
            if (i == 0 || at % Long.BYTES == 0) {
                word = mix(key + at / Long.BYTES * GOLDEN);
            }
            bytes[i] = (byte) (word >>> at % Long.BYTES * Byte.SIZE);
        }
        return bytes;
    }

    /** The same for header fields, in letters. */
    static String letters(long key, int count) {
        byte[] letters = bytes(key, 0, count);
        for (int i = 0; i < count; i++) {
            letters[i] = (byte) ('a' + (letters[i] & 15));
        }
        return new String(letters, StandardCharsets.US_ASCII);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
