package io.sluice.l4.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Removes from a server's offer of login mechanisms (AuthenticationSASL) those that bind the login to the server's TLS,
 * such as SCRAM-SHA-256-PLUS, for a client that has no TLS with Sluice. Such a client cannot use them; libpq even
 * breaks off, as they are meant for TLS only.
 *
 * <p>Formats: PostgreSQL's manual, "Message Formats"; names: RFC 5802, section 4. Stateless.
 */
public final class SaslOffer {

    private static final byte AUTHENTICATION = 'R';
    private static final byte NEGOTIATE_VERSION = 'v';
    private static final int SASL = 10;
    private static final int TYPE_BYTES = 1;
    private static final int HEADER_BYTES = TYPE_BYTES + 2 * Integer.BYTES;
    private static final byte[] BINDING = "-PLUS".getBytes(StandardCharsets.US_ASCII);

    private SaslOffer() { }

    /**
     * Looks for the offer in the first bytes of a server. The offer is there as a whole, as servers write it at once.
     *
     * @param received from its position to its limit, which decreases by what is removed; big endian
     */
    public static void unbind(ByteBuffer received) {
        int at = received.position();
        while (received.limit() - at >= HEADER_BYTES) {
            int length = received.getInt(at + TYPE_BYTES);
            if (length < 2 * Integer.BYTES || length > received.limit() - at - TYPE_BYTES) {
                return;
            }
            if (received.get(at) == AUTHENTICATION && received.getInt(at + TYPE_BYTES + Integer.BYTES) == SASL) {
                shorten(received, at, length);
            }
            if (received.get(at) != NEGOTIATE_VERSION) {
                return;
            }
            at += TYPE_BYTES + length;
        }
    }

    /** Removes each mechanism that binds, unless all do: an empty offer would be of no use. */
    private static void shorten(ByteBuffer received, int message, int length) {
        int end = message + TYPE_BYTES + length;
        int from = -1;
        int to = -1;
        boolean others = false;
        int start = message + HEADER_BYTES;
        for (int i = start; i < end; i++) {
            if (received.get(i) == 0) {
                if (binds(received, start, i)) {
                    from = start;
                    to = i + 1;
                } else {
                    others |= i > start;
                }
                start = i + 1;
            }
        }
        if (from >= 0 && others) {
            takeOut(received, from, to);
            int shorter = length - (to - from);
            received.putInt(message + TYPE_BYTES, shorter);
            shorten(received, message, shorter);
        }
    }

    private static boolean binds(ByteBuffer received, int start, int end) {
        int suffix = end - BINDING.length;
        for (int i = 0; i < BINDING.length; i++) {
            if (suffix < start || received.get(suffix + i) != BINDING[i]) {
                return false;
            }
        }
        return true;
    }

    private static void takeOut(ByteBuffer received, int from, int to) {
        for (int i = to; i < received.limit(); i++) {
            received.put(from + i - to, received.get(i));
        }
        received.limit(received.limit() - (to - from));
    }
}
