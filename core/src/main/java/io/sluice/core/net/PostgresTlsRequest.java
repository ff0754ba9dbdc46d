package io.sluice.core.net;

import java.nio.ByteBuffer;

/**
 * The request for TLS that a PostgreSQL server gets in plain text before the handshake, and its answer of one byte
 * (PostgreSQL's manual, "SSL Session Encryption" and "SSLRequest"). Stateless.
 */
public final class PostgresTlsRequest {

    /** The server begins with TLS. */
    public static final byte YES = 'S';
    /** It has none. */
    public static final byte NO = 'N';
    private static final int LENGTH_BYTES = 8;
    private static final int CODE = 80877103;

    /** What a server has answered. */
    enum Answer {
        /** Nothing yet. */
        NONE(""),
        YES(""),
        NO("it has none, as it says itself (N)"),
        /** Anybody could have put it there, to be taken for something that came encrypted (CVE-2021-23222). */
        TOO_MUCH("it sent more than its agreement in plain text"),
        OTHER("it answered the request for it neither by S nor by N, as PostgreSQL does"),
        GONE("it ended the connection when it was asked for it");

        private final String reason;

        Answer(String reason) {
            this.reason = reason;
        }

        /** Why there is no TLS with the server, for who looks into it. */
        String reason() {
            return reason;
        }
    }

    private PostgresTlsRequest() { }

    /** Asks. A new socket's send buffer holds far more than this: false means that the connection is broken. */
    public static boolean send(Connection server) {
        ByteBuffer request = ByteBuffer.allocate(LENGTH_BYTES).putInt(LENGTH_BYTES).putInt(CODE).flip();
        server.write(request);
        return !request.hasRemaining();
    }

    /** Reads once. What comes later is the handshake's, which takes nothing that is not genuine. */
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
