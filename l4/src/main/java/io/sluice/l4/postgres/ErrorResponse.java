package io.sluice.l4.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The message that a server sends before it ends a session; clients show it to their users.
 *
 * <p>Format: PostgreSQL's manual, "Message Formats" and "Error and Notice Message Fields".
 */
public final class ErrorResponse {

    private static final String INVALID_AUTHORIZATION = "28000";
    private static final int LENGTH_BYTES = 4;

    private ErrorResponse() { }

    /** For a client without TLS where TLS is required; has the code that servers use if pg_hba.conf demands TLS. */
    public static byte[] tlsRequired() {
        return fatal(INVALID_AUTHORIZATION, "TLS is required here, and this connection is without encryption: "
                + "use sslmode=require or stricter");
    }

    /** The severity is there twice: for users (S), and never translated (V). */
    private static byte[] fatal(String code, String message) {
        byte[] fields = ("SFATAL\0VFATAL\0C" + code + "\0M" + message + "\0\0").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + LENGTH_BYTES + fields.length).put((byte) 'E')
                .putInt(LENGTH_BYTES + fields.length).put(fields).array();
    }
}
