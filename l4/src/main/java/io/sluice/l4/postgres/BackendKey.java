package io.sluice.l4.postgres;

import java.nio.charset.StandardCharsets;

/**
 * What names a session in a CancelRequest: the server's process and a secret that only its client knows. Immutable.
 *
 * @param secret a character for each byte
 */
public record BackendKey(int processId, String secret) {

    /** Least and most bytes of a secret; up to protocol 3.0 there are always 4. */
    static final int LEAST_SECRET_BYTES = 4;
    static final int MOST_SECRET_BYTES = 256;

    static BackendKey of(int processId, byte[] secret) {
        return new BackendKey(processId, new String(secret, StandardCharsets.ISO_8859_1));
    }

    /** Does not show the secret. */
    @Override
    public String toString() {
        return "key of process " + processId;
    }
}
