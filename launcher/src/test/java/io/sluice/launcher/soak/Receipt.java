package io.sluice.launcher.soak;

/**
 * What a client has got for a talk. Immutable.
 *
 * @param status  of the response, or 0 if none has come, or of a session
 * @param server  who answered, by its pool's name and its own; empty if that was Sluice, or nobody
 * @param bytes   heads and framing included, TLS excluded
 * @param isWhole whether that is all
 */
record Receipt(int status, String server, long bytes, boolean isWhole) {

    static final Receipt NOTHING = new Receipt(0, "", 0, false);

    /** Whether a server has answered a request. */
    boolean isFromServer() {
        return !server.isEmpty();
    }
}
