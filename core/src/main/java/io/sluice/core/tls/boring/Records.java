package io.sluice.core.tls.boring;

import java.nio.ByteBuffer;

/** Reads the headers of TLS records (RFC 8446, section 5.1). */
final class Records {

    static final int HEADER_BYTES = 5;
    /** The most content of a record. */
    static final int MOST_CONTENT_BYTES = 16 * 1024;
    /**
     * The most that a record adds to its content, header included. This is the library's bound; versions and ciphers
     * need less.
     */
    static final int MOST_OVERHEAD_BYTES = 320 + HEADER_BYTES;

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int APPLICATION_DATA = 23;
    private static final int MAJOR_VERSION = 3;
    /** An alert in plain text, as all are before the server's first message: header, level, description. */
    private static final int ALERT_BYTES = HEADER_BYTES + 2;
    /** The description of an alert (RFC 6066, section 3). */
    private static final byte UNRECOGNIZED_NAME = 112;

    private Records() { }

    /**
     * The length of the first record.
     *
     * @param records from its position on; big endian
     * @return 0 if it is incomplete; the length of a header if the bytes are no record
     */
    static int firstLength(ByteBuffer records) {
        if (records.remaining() < HEADER_BYTES) {
            return 0;
        }
        int start = records.position();
        int type = records.get(start);
        int length = records.getShort(start + 3) & 0xffff;
        boolean isRecord = type >= CHANGE_CIPHER_SPEC && type <= APPLICATION_DATA
                && records.get(start + 1) == MAJOR_VERSION
                && length <= MOST_CONTENT_BYTES + MOST_OVERHEAD_BYTES - HEADER_BYTES;
        if (!isRecord) {
            return HEADER_BYTES;
        }
        return records.remaining() < HEADER_BYTES + length ? 0 : HEADER_BYTES + length;
    }

    /** Turns a plain-text alert into unrecognized_name; leaves other records as they are. */
    static void nameIsUnknown(ByteBuffer records, int start, int end) {
        if (end - start == ALERT_BYTES && records.get(start) == ALERT) {
            records.put(end - 1, UNRECOGNIZED_NAME);
        }
    }
}
