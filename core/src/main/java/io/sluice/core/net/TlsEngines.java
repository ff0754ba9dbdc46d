package io.sluice.core.net;

import io.sluice.config.Endpoint;
import javax.net.ssl.SSLEngine;

/**
 * Makes the TLS engines of one listener, which take the server's part, or of one pool, which take the client's. What
 * the configuration says of TLS is all in the engine when it is handed out: certificates, versions, ciphers, ALPN,
 * who is verified and how. A connection begins the handshake and moves the bytes.
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
     * How long a client's handshake has to wait before it begins, so that not too many do at a time; it counts as
     * begun then.
     */
    default long handshakeDelayNs(long nowNs) {
        return 0;
    }

    /** How long a handshake may take, from the connection's first moment as one of TLS. */
    long handshakeTimeoutNs();
}
