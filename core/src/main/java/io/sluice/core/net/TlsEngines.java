package io.sluice.core.net;

import io.sluice.config.Endpoint;
import javax.net.ssl.SSLEngine;

/**
 * Makes the TLS engines of one listener, which act as the server, or of one pool, which act as the client. An engine is
 * handed out fully configured: certificates, versions, ciphers, ALPN and how the peer is verified. The connection
 * begins the handshake and moves the bytes.
 *
 * <p>Called on event loops: making an engine must not block. Safe from any thread.
 */
public interface TlsEngines {

    /**
     * An engine for one connection; its handshake has not begun.
     *
     * @param peer a pool's server as it is configured, for SNI, verification and the resumption of sessions; null for a
     *             listener's clients
     */
    SSLEngine newEngine(Endpoint peer);

    /**
     * How long a client's handshake has to wait before it begins, which limits how many begin at a time. Each call
     * counts as one handshake.
     */
    default long handshakeDelayNs(long nowNs) {
        return 0;
    }

    /**
     * How long a handshake may take. With a client this includes waiting for its first bytes; with a server, all that
     * comes before it, from the beginning of the connection attempt.
     */
    long handshakeTimeoutNs();
}
