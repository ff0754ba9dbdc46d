package io.sluice.core.net;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * A TLS alert in plain text, as all are that come before anything is encrypted (RFC 8446, section 6). Clients of TLS
 * 1.3 may also refuse a certificate by one, where engines expect what is encrypted.
 */
public final class PlainAlert {

    public static final int NONE = -1;
    /** The peer says goodbye. */
    public static final int CLOSE_NOTIFY = 0;

    private static final int USER_CANCELED = 90;
    private static final int TYPE = 21;
    private static final int MAJOR_VERSION = 3;
    private static final int HEADER_BYTES = 5;
    /** Level and description. */
    private static final int CONTENT_BYTES = 2;

    private PlainAlert() { }

    /** The description of the alert that the first record is, or {@link #NONE}. @param records big endian */
    public static int in(ByteBuffer records) {
        int start = records.position();
        boolean isAlert = records.remaining() >= HEADER_BYTES + CONTENT_BYTES && records.get(start) == TYPE
                && records.get(start + 1) == MAJOR_VERSION && records.getShort(start + 3) == CONTENT_BYTES;
        return isAlert ? records.get(start + HEADER_BYTES + 1) & 0xff : NONE;
    }

    /** What the failure of an engine means that was given this alert and did not understand it. */
    static SSLException explained(int alert, SSLException failure) {
        if (alert == NONE || TlsFailure.of(failure) != TlsFailure.MALFORMED) {
            return failure;
        }
        return new SSLHandshakeException(switch (alert) {
            case CLOSE_NOTIFY -> "Received close_notify in plain text";
            case USER_CANCELED -> "Received user_canceled in plain text";
            default -> "Received fatal alert in plain text: " + alert;
        }, failure);
    }
}
