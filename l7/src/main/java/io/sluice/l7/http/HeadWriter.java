package io.sluice.l7.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes message heads and other short texts, byte by byte into an array that grows as needed and is reused. One writer
 * serves all connections of a worker, since each head is written and copied out in one go. Owned by one event loop.
 */
public final class HeadWriter {

    private static final int FIRST_BYTES = 4096;
    /** The digits of the greatest long, and one more. */
    private static final int MOST_DIGITS = 20;
    private static final byte[] HEX_DIGITS = Octets.ascii("0123456789abcdef");

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    /** Drops what has been written. */
    public HeadWriter clear() {
        length = 0;
        return this;
    }

    public int length() {
        return length;
    }

    /** What has been written, up to {@link #length}. */
    public byte[] bytes() {
        return bytes;
    }

    public HeadWriter put(byte[] text) {
        return put(text, 0, text.length);
    }

    public HeadWriter put(byte[] source, int offset, int count) {
        int end = length + count;
        if (end > bytes.length) {
            grow(end);
        }
        System.arraycopy(source, offset, bytes, length, count);
        length = end;
        return this;
    }

    public HeadWriter put(char ascii) {
        if (length == bytes.length) {
            grow(length + 1);
        }
        bytes[length++] = (byte) ascii;
        return this;
    }

    public HeadWriter lineEnd() {
        return put('\r').put('\n');
    }

    /** Writes a field of a parsed head, with normal spacing. */
    public HeadWriter field(HeaderFields fields, int index) {
        byte[] source = fields.bytes();
        return put(source, fields.nameOffset(index), fields.nameLength(index)).put(':').put(' ')
                .put(source, fields.valueOffset(index), fields.valueLength(index)).lineEnd();
    }

    /** Writes a number, which must not be negative, in decimal digits. */
    public HeadWriter decimal(long number) {
        ensure(MOST_DIGITS);
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        int end = length + digits;
        long rest = number;
        for (int i = end - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
        return this;
    }

    /** Writes all 16 hexadecimal digits of a number. */
    public HeadWriter hex(long number) {
        ensure(Long.BYTES * 2);
        for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
            bytes[length++] = HEX_DIGITS[(int) (number >>> shift) & 0xf];
        }
        return this;
    }

    /** Writes a chunk's size: hexadecimal digits without leading zeros. */
    public HeadWriter hexSize(int size) {
        int digits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(size) + 3) / 4);
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            put((char) HEX_DIGITS[size >>> shift & 0xf]);
        }
        return this;
    }

    /** Copies what has been written to a buffer's absolute position. */
    public void copyTo(ByteBuffer target, int position) {
        target.put(position, bytes, 0, length);
    }

    /** A new buffer with what has been written, for heads that do not fit into the buffer of the body. */
    public ByteBuffer copy() {
        return ByteBuffer.wrap(Arrays.copyOf(bytes, length));
    }

    private void ensure(int count) {
        if (length + count > bytes.length) {
            grow(length + count);
        }
    }

    private void grow(int least) {
        bytes = Arrays.copyOf(bytes, Math.max(least, 2 * bytes.length));
    }
}
