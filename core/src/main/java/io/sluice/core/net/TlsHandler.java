package io.sluice.core.net;

/** Told how a TLS handshake ended. Called on the connection's event loop. */
public interface TlsHandler {

    /** Why a handshake failed. */
    enum Failure {
        /** The first bytes are not TLS. They were read; apart from that the connection is unchanged. */
        NOT_TLS,
        /** One side has refused the other: version, cipher, certificate or a protocol violation. */
        REFUSED,
        LATE,
        /** The peer has ended or reset the connection. */
        GONE,
        /** A bug. */
        FAILED
    }

    /** The connection speaks TLS from now on; the handler takes it over. */
    void onTlsEstablished();

    /** The handshake has failed; the handler ends the connection. @param reason for the log */
    void onTlsFailed(Failure failure, String reason);
}
