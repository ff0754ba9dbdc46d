package io.sluice.core.tls;

import io.sluice.config.pem.TicketKeys;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLEngine;

/**
 * Makes the engines of one listener by one library, which keeps the clients' sessions. Engines can be made on any
 * thread; the rest is for one thread of the control plane at a time.
 */
interface ServerEngines {

    /**
     * A listener's certificates, rules and ticket keys at one moment. Immutable.
     *
     * @param keys for tickets, if the library takes any
     */
    record Material(CertificateStore certificates, ClientRules rules, TicketKeys keys) { }

    /** An engine for one client. To be called after the first {@link #use}. */
    SSLEngine newEngine();

    /**
     * Uses this material for new engines; handshakes under way end as they began. Sessions stay valid unless the ticket
     * keys or the rules for clients have changed: a client that resumes a session is not asked for its certificate
     * again.
     */
    void use(Material material) throws GeneralSecurityException;
}
