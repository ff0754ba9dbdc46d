package io.sluice.l7.http;

/** Reads the eight bytes of a version (RFC 9112, section 2.3). Safe from any thread. */
final class HttpVersion {

    static final int BYTES = 8;
    /** The bytes are not a version. */
    static final int MALFORMED = -1;
    /** A version other than HTTP/1. */
    static final int UNSUPPORTED = -2;

    private static final byte[] PATTERN = Octets.ascii("HTTP/0.0");
    private static final int MAJOR_OFFSET = 5;
    private static final long HTTP_1_0 = Octets.word(Octets.ascii("HTTP/1.0"), 0);
    private static final long HTTP_1_1 = Octets.word(Octets.ascii("HTTP/1.1"), 0);

    private HttpVersion() { }

    /**
     * The minor version at the position, 0 or 1; or {@link #MALFORMED} or {@link #UNSUPPORTED}. A higher minor version
     * counts as 1 (RFC 9110, section 2.5).
     */
    static int minorAt(byte[] bytes, int position) {
        long word = Octets.word(bytes, position);
        if (word == HTTP_1_1) {
            return 1;
        }
        if (word == HTTP_1_0) {
            return 0;
        }
        if (mismatch(bytes, position) != position + BYTES) {
            return MALFORMED;
        }
        return bytes[position + MAJOR_OFFSET] == '1' ? 1 : UNSUPPORTED;
    }

    /** The position of the first byte that is wrong in a version; without one, the position behind the version. */
    static int mismatch(byte[] bytes, int position) {
        for (int i = 0; i < BYTES; i++) {
            byte octet = bytes[position + i];
            boolean fits = PATTERN[i] == '0' ? Octets.isDigit(octet) : PATTERN[i] == octet;
            if (!fits) {
                return position + i;
            }
        }
        return position + BYTES;
    }
}
