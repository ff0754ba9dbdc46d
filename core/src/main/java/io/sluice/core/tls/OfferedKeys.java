package io.sluice.core.tls;

import java.nio.ByteBuffer;

/**
 * Which kinds of keys a client can verify, by its ClientHello: its algorithms of signatures and, without TLS 1.3, its
 * ciphers. BoringSSL knows, but does not tell when the certificate is to be chosen.
 *
 * <p>Formats: RFC 8446, sections 4.1.2, 4.2.1 and 4.2.3; RFC 5246, section 7.4.1.4.1.
 */
final class OfferedKeys {

    /** Nothing is known; more bytes may tell. */
    static final int UNKNOWN = 0;
    static final int RSA = 1;
    static final int P256 = 1 << 1;
    static final int P384 = 1 << 2;
    static final int P521 = 1 << 3;
    static final int ANY_EC = P256 | P384 | P521;

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int VERSION_AND_RANDOM = 34;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_3 = 0x0304;

    private OfferedKeys() { }

    /**
     * The kinds that the client at the other end of these bytes takes.
     *
     * @param received from its position to its limit, which stay as they are; big endian
     * @return some of the bits above, or {@link #UNKNOWN} if there is not a whole ClientHello in the first record
     */
    static int in(ByteBuffer received) {
        int start = received.position();
        if (received.remaining() < RECORD_HEADER + MESSAGE_HEADER || received.get(start) != HANDSHAKE
                || received.get(start + RECORD_HEADER) != CLIENT_HELLO) {
            return UNKNOWN;
        }
        int record = received.getShort(start + 3) & 0xffff;
        int message = received.getInt(start + RECORD_HEADER) & 0xffffff;
        if (message + MESSAGE_HEADER > record || received.remaining() < RECORD_HEADER + record) {
            return UNKNOWN;
        }
        int body = start + RECORD_HEADER + MESSAGE_HEADER;
        try {
            return read(received.slice(body, message));
        } catch (IndexOutOfBoundsException e) {
            // Malformed: the handshake will fail by itself.
            return UNKNOWN;
        }
    }

    private static int read(ByteBuffer hello) {
        int sessionId = VERSION_AND_RANDOM;
        int ciphers = sessionId + 1 + uint8(hello, sessionId);
        int compressions = ciphers + 2 + uint16(hello, ciphers);
        int extensions = compressions + 1 + uint8(hello, compressions);
        int signatures = UNKNOWN;
        boolean knows13 = false;
        int length;
        for (int at = extensions + 2; at < hello.limit(); at += 4 + length) {
            length = uint16(hello, at + 2);
            switch (uint16(hello, at)) {
                case SIGNATURE_ALGORITHMS -> signatures = signatures(hello, at + 4);
                case SUPPORTED_VERSIONS -> knows13 = contains(hello, at + 5, uint8(hello, at + 4), TLS_1_3);
                default -> { }
            }
        }
        return knows13 || signatures == UNKNOWN ? signatures : byCiphers(hello, ciphers, signatures);
    }

    private static int signatures(ByteBuffer hello, int at) {
        int kinds = UNKNOWN;
        int end = at + 2 + uint16(hello, at);
        for (int i = at + 2; i < end; i += 2) {
            kinds |= kind(uint16(hello, i));
        }
        return kinds;
    }

    private static int kind(int scheme) {
        return switch (scheme) {
            case 0x0403 -> P256;
            case 0x0503 -> P384;
            case 0x0603 -> P521;
            case 0x0401, 0x0501, 0x0601, 0x0804, 0x0805, 0x0806 -> RSA;
            default -> 0;
        };
    }

    /** Before TLS 1.3 a scheme does not say which curve, but a cipher says which kind. */
    private static int byCiphers(ByteBuffer hello, int ciphers, int signatures) {
        int end = ciphers + 2 + uint16(hello, ciphers);
        boolean ec = false;
        for (int i = ciphers + 2; i < end && !ec; i += 2) {
            ec = isEcdsa(uint16(hello, i));
        }
        int kinds = signatures & RSA;
        return ec && (signatures & ANY_EC) != 0 ? kinds | ANY_EC : kinds;
    }

    /** Of the suites that Sluice may use; the last three are of 256 bits, SHA-1 and ChaCha20. */
    private static boolean isEcdsa(int suite) {
        return switch (suite) {
            case 0xc02b, 0xc02c, 0xc009, 0xc00a, 0xcca9 -> true;
            default -> false;
        };
    }

    private static boolean contains(ByteBuffer hello, int start, int length, int value) {
        for (int i = start; i < start + length; i += 2) {
            if (uint16(hello, i) == value) {
                return true;
            }
        }
        return false;
    }

    private static int uint8(ByteBuffer hello, int at) {
        return hello.get(at) & 0xff;
    }

    private static int uint16(ByteBuffer hello, int at) {
        return hello.getShort(at) & 0xffff;
    }
}
