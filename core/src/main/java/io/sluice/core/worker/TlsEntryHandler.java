package io.sluice.core.worker;

import io.sluice.core.log.Termination;

/** Told how {@link TlsEntry} ended. Called on its event loop, also from within {@code begin}. */
public interface TlsEntryHandler {

    /** The client's bytes go through TLS from now on. Whoever comes next has to ask for them. */
    void onTlsEntered();

    /** There is no TLS with the client. */
    void onTlsRefused(Termination termination);

    /**
     * The client should speak TLS, but what came first is something else. The connection is without TLS, so that the
     * client can be told in words that it may understand.
     */
    void onPlainClient();
}
