package io.sluice.core.net;

/** Told how a handshake of TLS has gone. Called on the connection's event loop. */
public interface TlsHandler {

    /** Why there was no handshake. */
    enum Failure {
        /** What came first is nothing of TLS. The connection is as it was, without that. */
        NOT_TLS,
        /** Either side has refused the other: version, cipher, certificate, or what breaks the protocol. */
        REFUSED,
        LATE,
        /** The peer has ended or reset the connection. */
        GONE,
        /** By a bug. */
        FAILED
    }

    /** The connection passes bytes in records of TLS. It is the caller's to take over. */
    void onTlsEstablished();

    /** It will not. The connection is the caller's to end. @param reason for who looks into it */
    void onTlsFailed(Failure failure, String reason);
}
