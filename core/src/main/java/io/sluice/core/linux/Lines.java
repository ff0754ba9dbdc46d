package io.sluice.core.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads text line by line without making a string of each line, for long files of the kernel that are read often. Owned
 * by one thread.
 */
final class Lines {

    /** The longest line; that of a mapping is a path and some numbers. */
    private static final int MOST_BYTES = 8192;

    private final InputStream source;
    private final byte[] bytes = new byte[MOST_BYTES];
    /** The line is between these, without its line feed. */
    private int start;
    private int end = -1;
    /** What has been read ends here. */
    private int limit;

    Lines(InputStream source) {
        this.source = source;
    }

    /**
     * Goes to the next line.
     *
     * @return whether there is one; what follows the last line feed is none
     * @throws IOException also if the line is longer than {@value #MOST_BYTES} bytes
     */
    boolean next() throws IOException {
        start = end + 1;
        end = start;
        while (true) {
            while (end < limit) {
                if (bytes[end] == '\n') {
                    return true;
                }
                end++;
            }
            if (!readMore()) {
                return false;
            }
        }
    }

    private boolean readMore() throws IOException {
        System.arraycopy(bytes, start, bytes, 0, limit - start);
        limit -= start;
        end -= start;
        start = 0;
        if (limit == MOST_BYTES) {
            throw new IOException("a line is longer than " + MOST_BYTES + " bytes");
        }
        int read = source.read(bytes, limit, MOST_BYTES - limit);
        limit += Math.max(0, read);
        return read > 0;
    }

    boolean beginsUpperCase() {
        return start < end && bytes[start] >= 'A' && bytes[start] <= 'Z';
    }

    boolean startsWith(byte[] prefix) {
        return end - start >= prefix.length
                && Arrays.equals(bytes, start, start + prefix.length, prefix, 0, prefix.length);
    }

    boolean endsWith(byte[] suffix) {
        return end - start >= suffix.length && Arrays.equals(bytes, end - suffix.length, end, suffix, 0, suffix.length);
    }

    boolean contains(byte[] part) {
        for (int i = start; i <= end - part.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    /** The line. */
    String text() {
        return new String(bytes, start, end - start, ISO_8859_1);
    }
}
