package io.sluice.l4.postgres;

import java.nio.ByteBuffer;

/**
 * Watches what a server sends while a session starts, in any pieces, for the key by which the session can be cancelled
 * (BackendKeyData). The watch is over with that key, when the session is ready without one, or when an unexpected
 * message comes.
 *
 * <p>Owned by one event loop.
 */
public final class BackendStartup {

    /** Bytes that are watched at most; servers send a few hundred before they are ready. */
    static final int MOST_BYTES = 64 * 1024;

    private static final int LENGTH_BYTES = 4;
    private static final int PROCESS_ID_BYTES = 4;

    /** Bytes seen of the present message: type, length and content. */
    private int seen;
    private byte type;
    /** Length of the present message without its type. */
    private int length;
    private int processId;
    /** Null until a message with a key begins. */
    private byte[] secret;
    private BackendKey key;
    private int total;
    private boolean over;

    /**
     * Looks at further bytes.
     *
     * @param received from its position to its limit, which stay as they are
     * @return whether the watch is over
     */
    public boolean look(ByteBuffer received) {
        int at = received.position();
        int end = received.limit();
        total += end - at;
        while (at < end && !over) {
            at = seen < 1 + LENGTH_BYTES || secret != null ? take(received.get(at), at) : skip(at, end);
        }
        over |= total > MOST_BYTES;
        return over;
    }

    /** The key, or null if none has come. */
    public BackendKey key() {
        return key;
    }

    /** Takes one byte of a header, or of a message with a key; returns the position of the next one. */
    private int take(byte octet, int at) {
        if (seen == 0) {
            type = octet;
            length = 0;
        } else if (seen <= LENGTH_BYTES) {
            length = length << 8 | octet & 0xff;
        } else if (seen <= LENGTH_BYTES + PROCESS_ID_BYTES) {
            processId = processId << 8 | octet & 0xff;
        } else {
            secret[seen - 1 - LENGTH_BYTES - PROCESS_ID_BYTES] = octet;
        }
        seen++;
        if (seen == 1 + LENGTH_BYTES) {
            onHeader();
        }
        endMessage();
        return at + 1;
    }

    private int skip(int at, int end) {
        int count = Math.min(end - at, 1 + length - seen);
        seen += count;
        endMessage();
        return at + count;
    }

    private void onHeader() {
        switch (type) {
            // Authentication, NegotiateProtocolVersion, ParameterStatus, NoticeResponse.
            case 'R', 'v', 'S', 'N' -> over = length < LENGTH_BYTES || length > MOST_BYTES;
            case 'K' -> {
                int secretBytes = length - LENGTH_BYTES - PROCESS_ID_BYTES;
                over = secretBytes < BackendKey.LEAST_SECRET_BYTES || secretBytes > BackendKey.MOST_SECRET_BYTES;
                secret = over ? null : new byte[secretBytes];
            }
            // ReadyForQuery, ErrorResponse, or nothing that is known.
            default -> over = true;
        }
    }

    private void endMessage() {
        if (over || seen < 1 + LENGTH_BYTES || seen < 1 + length) {
            return;
        }
        seen = 0;
        if (secret != null) {
            key = BackendKey.of(processId, secret);
            over = true;
        }
    }
}
