package io.sluice.l4.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first message of a TLS client, for its server name and the protocols that it offers. It may come in any pieces
 * and be spread over several records. Reusable: each {@link #parse} replaces the results of the one before.
 *
 * <p>Formats: RFC 8446, sections 4.1.2 and 5.1 (which TLS 1.0 to 1.2 share), RFC 6066, section 3, and RFC 7301.
 *
 * <p>Owned by one event loop.
 */
public final class ClientHello {

    /** The longest message accepted, in all its records. */
    public static final int MOST_BYTES = 16 * 1024;

    /** The first byte of a TLS connection: the type of a handshake record. */
    public static final byte HANDSHAKE = 22;

    /** The verdict on the bytes received so far. */
    public enum Verdict {
        /** The start of a ClientHello. */
        NEEDS_MORE,
        COMPLETE,
        /** Something else: another protocol, malformed, or longer than {@link #MOST_BYTES}. */
        NOT_TLS
    }

    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int MOST_FRAGMENT = 1 << 14;
    private static final int VERSION_MAJOR = 3;
    private static final int CLIENT_HELLO = 1;
    private static final int VERSION_AND_RANDOM = 2 + 32;
    private static final int MOST_SESSION_ID = 32;
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;
    private static final int HOST_NAME = 0;
    private static final int MOST_NAME = 255;
    private static final int ABSENT = -1;

    /** The message without record headers, perhaps followed by other bytes of its last record. */
    private byte[] message = new byte[1024];
    private int messageLength;
    /** Bounds of the protocol list in the message, each protocol behind a length byte. */
    private int protocolsStart;
    private int protocolsEnd;
    private String serverName;

    /**
     * Parses the bytes received so far.
     *
     * @param received from its position to its limit, which stay as they are; big endian
     */
    public Verdict parse(ByteBuffer received) {
        serverName = null;
        protocolsStart = ABSENT;
        protocolsEnd = ABSENT;
        Verdict verdict = join(received);
        return verdict == Verdict.COMPLETE && !readMessage() ? Verdict.NOT_TLS : verdict;
    }

    /** The server's name in lower case, or null if there is none; after COMPLETE. */
    public String serverName() {
        return serverName;
    }

    /** Whether the client offers this application protocol; after COMPLETE. */
    public boolean offers(byte[] protocol) {
        int length;
        for (int at = protocolsStart; at < protocolsEnd; at += 1 + length) {
            length = message[at] & 0xff;
            if (Arrays.equals(message, at + 1, at + 1 + length, protocol, 0, protocol.length)) {
                return true;
            }
        }
        return false;
    }

    /** Joins the received parts of the message, record by record, and tells whether it is complete. */
    private Verdict join(ByteBuffer received) {
        messageLength = 0;
        int at = received.position();
        int end = received.limit();
        while (at < end) {
            if (!canBeRecord(received, at, end)) {
                return Verdict.NOT_TLS;
            }
            if (end - at <= RECORD_HEADER) {
                return Verdict.NEEDS_MORE;
            }
            int fragmentEnd = at + RECORD_HEADER + (received.getShort(at + 3) & 0xffff);
            append(received, at + RECORD_HEADER, Math.min(end, fragmentEnd));
            at = fragmentEnd;
            Verdict verdict = judgeLength();
            if (verdict != Verdict.NEEDS_MORE) {
                return verdict;
            }
        }
        return Verdict.NEEDS_MORE;
    }

    /** Whether the bytes are a record header or the start of one. */
    private static boolean canBeRecord(ByteBuffer received, int at, int end) {
        if (received.get(at) != HANDSHAKE || end - at > 1 && received.get(at + 1) != VERSION_MAJOR) {
            return false;
        }
        if (end - at < RECORD_HEADER) {
            return true;
        }
        int length = received.getShort(at + 3) & 0xffff;
        return length > 0 && length <= MOST_FRAGMENT;
    }

    private void append(ByteBuffer received, int from, int to) {
        int length = to - from;
        if (message.length - messageLength < length) {
            message = Arrays.copyOf(message, Math.max(2 * message.length, messageLength + length));
        }
        received.get(from, message, messageLength, length);
        messageLength += length;
    }

    /** To be called with at least one byte of the message. */
    private Verdict judgeLength() {
        if (message[0] != CLIENT_HELLO) {
            return Verdict.NOT_TLS;
        }
        if (messageLength < MESSAGE_HEADER) {
            return Verdict.NEEDS_MORE;
        }
        int length = MESSAGE_HEADER + (uint8(1) << 16 | uint16(2));
        if (length > MOST_BYTES) {
            return Verdict.NOT_TLS;
        }
        if (messageLength < length) {
            return Verdict.NEEDS_MORE;
        }
        messageLength = length;
        return Verdict.COMPLETE;
    }

    /** Reads the whole message; false if it is malformed. */
    private boolean readMessage() {
        int sessionId = MESSAGE_HEADER + VERSION_AND_RANDOM;
        int cipherSuites = endOfVector8(sessionId, messageLength);
        int compressions = endOfVector16(cipherSuites, messageLength);
        int extensions = endOfVector8(compressions, messageLength);
        if (extensions == ABSENT || cipherSuites - sessionId - 1 > MOST_SESSION_ID) {
            return false;
        }
        return extensions == messageLength
                || endOfVector16(extensions, messageLength) == messageLength && readExtensions(extensions + 2);
    }

    private boolean readExtensions(int start) {
        int at = start;
        while (at < messageLength) {
            int content = at + 2;
            int end = endOfVector16(content, messageLength);
            if (end == ABSENT || !readExtension(uint16(at), content + 2, end)) {
                return false;
            }
            at = end;
        }
        return true;
    }

    private boolean readExtension(int type, int start, int end) {
        return switch (type) {
            case SERVER_NAME -> serverName == null && readServerName(start, end);
            case ALPN -> protocolsStart == ABSENT && readProtocols(start, end);
            default -> true;
        };
    }

    /** A list of exactly one name: others than host names were never defined, and two host names are forbidden. */
    private boolean readServerName(int start, int end) {
        int nameLength = start + 3;
        if (endOfVector16(start, end) != end || endOfVector16(nameLength, end) != end
                || uint8(start + 2) != HOST_NAME) {
            return false;
        }
        int name = nameLength + 2;
        if (name == end || end - name > MOST_NAME) {
            return false;
        }
        for (int i = name; i < end; i++) {
            byte octet = message[i];
            if (octet <= ' ' || octet > '~') {
                return false;
            }
            message[i] = octet >= 'A' && octet <= 'Z' ? (byte) (octet | 0x20) : octet;
        }
        serverName = new String(message, name, end - name, StandardCharsets.US_ASCII);
        return true;
    }

    private boolean readProtocols(int start, int end) {
        if (endOfVector16(start, end) != end || start + 2 == end) {
            return false;
        }
        int at = start + 2;
        while (at < end) {
            int next = endOfVector8(at, end);
            if (next == ABSENT || next == at + 1) {
                return false;
            }
            at = next;
        }
        protocolsStart = start + 2;
        protocolsEnd = end;
        return true;
    }

    /**
     * The end of a vector that begins with a length of one byte, or ABSENT if the vector does not end by {@code end}.
     */
    private int endOfVector8(int start, int end) {
        if (start == ABSENT || start >= end) {
            return ABSENT;
        }
        int vectorEnd = start + 1 + uint8(start);
        return vectorEnd <= end ? vectorEnd : ABSENT;
    }

    /** The same with two bytes of length. */
    private int endOfVector16(int start, int end) {
        if (start == ABSENT || start + 1 >= end) {
            return ABSENT;
        }
        int vectorEnd = start + 2 + uint16(start);
        return vectorEnd <= end ? vectorEnd : ABSENT;
    }

    private int uint8(int at) {
        return message[at] & 0xff;
    }

    private int uint16(int at) {
        return uint8(at) << 8 | uint8(at + 1);
    }
}
