package io.sluice.l4.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A packet that a client sends before its session begins: a request for encryption, for the cancelling of another
 * session, or the start-up message. It may come in any pieces. Reusable: each {@link #parse} replaces the results of
 * the one before.
 *
 * <p>Formats: PostgreSQL's manual, "Message Formats"; bounds: {@code ProcessStartupPacket} of its server.
 *
 * <p>Owned by one event loop.
 */
public final class StartupPacket {

    /** The kind of packet, as far as the bytes received so far tell. */
    public enum Kind {
        /** The start of a packet. */
        INCOMPLETE,
        /** SSLRequest. */
        TLS_REQUEST,
        /** GSSENCRequest. */
        GSS_REQUEST,
        /** CancelRequest. */
        CANCEL,
        /** StartupMessage of protocol 3. */
        STARTUP,
        /** None of these, or malformed. */
        OTHER
    }

    /** Bytes of a request for encryption. */
    public static final int REQUEST_BYTES = 8;

    private static final int TLS_REQUEST_CODE = 80877103;
    private static final int GSS_REQUEST_CODE = 80877104;
    private static final int CANCEL_CODE = 80877102;
    private static final int MAJOR_VERSION = 3;
    private static final int LENGTH = 4;
    /** The server's bound does not count the length itself. */
    private static final int MOST_BYTES = LENGTH + 10_000;
    private static final int HEADER = 8;
    private static final int CANCEL_HEADER = 12;
    private static final byte[] USER = ascii("user");
    private static final byte[] DATABASE = ascii("database");
    private static final byte[] APPLICATION = ascii("application_name");

    private BackendKey cancelKey;
    private StartupMessage startup;

    /**
     * Parses the bytes received so far.
     *
     * @param received from its position to its limit, which stay as they are; big endian
     */
    public Kind parse(ByteBuffer received) {
        cancelKey = null;
        startup = null;
        int start = received.position();
        int count = received.remaining();
        for (int i = 0; i < Math.min(count, 2); i++) {
            if (received.get(start + i) != 0) {
                return Kind.OTHER;
            }
        }
        if (count < LENGTH) {
            return Kind.INCOMPLETE;
        }
        int length = received.getInt(start);
        if (length < HEADER || length > MOST_BYTES) {
            return Kind.OTHER;
        }
        Kind kind = count < HEADER ? Kind.INCOMPLETE : kind(received.getInt(start + LENGTH), length);
        if (count < length) {
            return kind == Kind.OTHER ? kind : Kind.INCOMPLETE;
        }
        return kind == Kind.STARTUP && !readStartup(received, start + HEADER, start + length)
                || kind == Kind.CANCEL && !readCancel(received, start, length) ? Kind.OTHER : kind;
    }

    /** The key of the session to be cancelled; valid after CANCEL. */
    public BackendKey cancelKey() {
        return cancelKey;
    }

    /** Valid after STARTUP. */
    public StartupMessage startup() {
        return startup;
    }

    private static Kind kind(int code, int length) {
        return switch (code) {
            case TLS_REQUEST_CODE -> length == REQUEST_BYTES ? Kind.TLS_REQUEST : Kind.OTHER;
            case GSS_REQUEST_CODE -> length == REQUEST_BYTES ? Kind.GSS_REQUEST : Kind.OTHER;
            case CANCEL_CODE -> Kind.CANCEL;
            default -> code >> 16 == MAJOR_VERSION ? Kind.STARTUP : Kind.OTHER;
        };
    }

    private boolean readCancel(ByteBuffer received, int start, int length) {
        int secretBytes = length - CANCEL_HEADER;
        if (secretBytes < BackendKey.LEAST_SECRET_BYTES || secretBytes > BackendKey.MOST_SECRET_BYTES) {
            return false;
        }
        byte[] secret = new byte[secretBytes];
        received.get(start + CANCEL_HEADER, secret);
        cancelKey = BackendKey.of(received.getInt(start + HEADER), secret);
        return true;
    }

    /** Pairs of names and values, each ended by a zero byte, and one more zero byte at the end. */
    private boolean readStartup(ByteBuffer received, int start, int end) {
        String user = null;
        String database = null;
        String application = null;
        int at = start;
        while (at < end && received.get(at) != 0) {
            int nameEnd = endOfString(received, at, end);
            int valueEnd = endOfString(received, nameEnd + 1, end);
            if (valueEnd >= end) {
                return false;
            }
            if (is(USER, received, at, nameEnd)) {
                user = text(received, nameEnd + 1, valueEnd);
            } else if (is(DATABASE, received, at, nameEnd)) {
                database = text(received, nameEnd + 1, valueEnd);
            } else if (is(APPLICATION, received, at, nameEnd)) {
                application = text(received, nameEnd + 1, valueEnd);
            }
            at = valueEnd + 1;
        }
        startup = new StartupMessage(user, database == null ? user : database, application);
        return at == end - 1;
    }

    /** The position of the zero byte; {@code end} or beyond if there is none. */
    private static int endOfString(ByteBuffer received, int start, int end) {
        int at = start;
        while (at < end && received.get(at) != 0) {
            at++;
        }
        return at;
    }

    private static boolean is(byte[] name, ByteBuffer received, int start, int end) {
        if (end - start != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (received.get(start + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(ByteBuffer received, int start, int end) {
        byte[] text = new byte[Math.min(end - start, StartupMessage.MOST_BYTES)];
        received.get(start, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
