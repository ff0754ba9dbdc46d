package io.sluice.l7.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.ExpandableArrayBuffer;

/**
 * Builds one line of text. A missing value is a dash.
 *
 * <p>Owned by the log writer's thread.
 */
final class Line {

    private static final byte NONE = '-';
    private static final String HEX = "0123456789ABCDEF";

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
    private int length;

    void clear() {
        length = 0;
    }

    /** Appends bytes as they are. */
    void append(byte[] bytes) {
        buffer.putBytes(length, bytes);
        length += bytes.length;
    }

    /** Appends a text, which may be null; only for texts from Sluice or the operator. */
    void append(String text) {
        if (text == null) {
            append(NONE);
        } else {
            append(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    void append(long number) {
        length += buffer.putLongAscii(length, number);
    }

    /** Appends a time in milliseconds, or -1 if it was never reached. */
    void appendMillis(long nanos) {
        append(nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    /** Appends a value from the wire. */
    void append(Slice value, Escaping escaping) {
        if (value.isEmpty()) {
            append(NONE);
        }
        int end = value.offset() + value.length();
        for (int i = value.offset(); i < end; i++) {
            append(value.bytes()[i], escaping);
        }
    }

    void writeTo(OutputStream out) throws IOException {
        append((byte) '\n');
        out.write(buffer.byteArray(), 0, length);
    }

    private void append(byte octet, Escaping escaping) {
        if (escaping.isPlain(octet)) {
            append(octet);
            return;
        }
        append((byte) '\\');
        if (octet == '"' || octet == '\\') {
            append(octet);
        } else {
            append((byte) 'x');
            append((byte) HEX.charAt(octet >> 4 & 0xf));
            append((byte) HEX.charAt(octet & 0xf));
        }
    }

    private void append(byte octet) {
        buffer.putByte(length, octet);
        length++;
    }
}
