package io.sluice.core.connect;

import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * The request for TLS that a PostgreSQL server gets in plain text before the handshake, and its answer of one byte
 * (PostgreSQL's manual, "SSL Session Encryption" and "SSLRequest"). Stateless.
 */
public final class PostgresTlsRequest {

    /** The server begins with TLS. */
    public static final byte YES = 'S';
    /** The server has no TLS. */
    public static final byte NO = 'N';
    private static final int LENGTH_BYTES = 8;
    private static final int CODE = 80877103;

    /** What a server has answered. */
    enum Answer {
        /** Nothing yet. */
        NONE(""),
        YES(""),
        NO("it has none, as it says itself (N)"),
        /** An attacker may have injected these bytes to have them taken for encrypted ones (CVE-2021-23222). */
        TOO_MUCH("it sent more than its agreement in plain text"),
        OTHER("it answered the request for it neither by S nor by N, as PostgreSQL does"),
        GONE("it ended the connection when it was asked for it");

        private final String reason;

        Answer(String reason) {
            this.reason = reason;
        }

        /** Why there is no TLS with the server, for the log. */
        String reason() {
            return reason;
        }
    }

    private PostgresTlsRequest() { }

    /** Sends the request. False if the connection is broken: a new socket's send buffer has room for far more. */
    public static boolean send(Connection server) {
        ByteBuffer request = ByteBuffer.allocate(LENGTH_BYTES).putInt(LENGTH_BYTES).putInt(CODE).flip();
        server.write(request);
        return !request.hasRemaining();
    }

    /** Reads once. Bytes that come later belong to the handshake, which detects forged ones. */
    static Answer receive(Connection server) {
        ByteBuffer answer = ByteBuffer.allocate(2);
        int count = server.read(answer);
        if (count <= 0) {
            return count == 0 ? Answer.NONE : Answer.GONE;
        }
        return switch (answer.get(0)) {
            case YES -> count == 1 ? Answer.YES : Answer.TOO_MUCH;
            case NO -> Answer.NO;
            default -> Answer.OTHER;
        };
    }
}
