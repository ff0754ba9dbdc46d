package io.sluice.core.tls.boring;

import java.nio.ByteBuffer;

/** How records of TLS begin and how long they are (RFC 8446, section 5.1). */
final class Records {

    static final int HEADER_BYTES = 5;
    /** Of content. */
    static final int MOST_CONTENT_BYTES = 16 * 1024;
    /** What the library lets versions and ciphers add to the content at most, with the header: they need less. */
    static final int MOST_OVERHEAD_BYTES = 320 + HEADER_BYTES;

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int APPLICATION_DATA = 23;
    private static final int MAJOR_VERSION = 3;
    /** An alert in plain text, as all are before the server's first word: a header, level, description. */
    private static final int ALERT_BYTES = HEADER_BYTES + 2;
    /** A description (RFC 6066, section 3). */
    private static final byte UNRECOGNIZED_NAME = 112;

    private Records() { }

    /**
     * The bytes of the first record.
     *
     * @param records from its position on; big endian
     * @return 0 if it has not come whole; for what cannot be a record, as many as show that
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

    /** Has an alert in plain text say that it is the name which is not known; what else is there stays as it is. */
    static void nameIsUnknown(ByteBuffer records, int start, int end) {
        if (end - start == ALERT_BYTES && records.get(start) == ALERT) {
            records.put(end - 1, UNRECOGNIZED_NAME);
        }
    }
}
