package io.sluice.core.worker;

import io.sluice.core.log.Termination;

/** Told how {@link TlsEntry} ended. Called on its event loop, also from within {@code begin}. */
public interface TlsEntryHandler {

    /** The client's bytes go through TLS from now on. The connection's next owner has to ask for reading. */
    void onTlsEntered();

    /** There is no TLS with the client. @param refusal why one side has refused the other; null if neither has */
    void onTlsRefused(Termination termination, String refusal);

    /**
     * The client should speak TLS, but its first bytes are something else. The connection is still without TLS, so that
     * the handler can answer in plain text.
     */
    void onPlainClient();
}
