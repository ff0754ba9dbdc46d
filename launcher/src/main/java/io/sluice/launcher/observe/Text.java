package io.sluice.launcher.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds text as bytes, in an array that grows and is reused. Owned by one thread. */
final class Text {

    private static final int FIRST_BYTES = 256;
    private static final long SECOND_NS = 1_000_000_000;
    /** The digits of the greatest long. */
    private static final int MOST_DIGITS = 19;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    Text append(byte[] piece) {
        makeRoom(piece.length);
        System.arraycopy(piece, 0, bytes, length, piece.length);
        length += piece.length;
        return this;
    }

    Text append(String piece) {
        return append(piece.getBytes(StandardCharsets.UTF_8));
    }

    Text append(char ascii) {
        makeRoom(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Appends a number in its shortest form: without a decimal point if it is whole. */
    Text append(double number) {
        long whole = (long) number;
        return whole == number && whole >= 0 ? append(whole, 1) : append(Double.toString(number));
    }

    /** Appends a time in seconds, without rounding. */
    Text appendSeconds(long ns) {
        return append(ns / SECOND_NS, 1).append('.').append(ns % SECOND_NS, 9);
    }

    /** @param leastDigits a number with fewer digits gets leading zeros */
    private Text append(long number, int leastDigits) {
        makeRoom(MOST_DIGITS);
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        length += Math.max(digits, leastDigits);
        long rest = number;
        for (int written = 1; written <= Math.max(digits, leastDigits); written++) {
            bytes[length - written] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    private void makeRoom(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    boolean isEmpty() {
        return length == 0;
    }

    void clear() {
        length = 0;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
