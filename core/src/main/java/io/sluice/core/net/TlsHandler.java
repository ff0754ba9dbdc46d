package io.sluice.core.net;

/** Told how a TLS handshake ended. Called on the connection's event loop. */
public interface TlsHandler {

    /** The connection speaks TLS from now on; the handler takes it over. */
    void onTlsEstablished();

    /** The handshake has failed; the handler ends the connection. @param reason for the log */
    void onTlsFailed(TlsFailure failure, String reason);
}
