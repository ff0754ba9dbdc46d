package io.sluice.core.tls;

import io.sluice.config.pem.TicketKeys;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLEngine;

/**
 * Makes the engines of one listener by one library, which knows the sessions of its clients. Engines may be had from
 * any thread; the rest is for one thread of the control plane at a time.
 */
interface ServerEngines {

    /**
     * What a listener's files say at one moment. Immutable.
     *
     * @param keys of tickets, if the library takes any
     */
    record Material(CertificateStore certificates, ClientRules rules, TicketKeys keys) { }

    /** After the first {@link #use}. */
    SSLEngine newEngine();

    /**
     * From now on; handshakes under way end as they began. Sessions go on, unless the keys of their tickets or the
     * rules for clients are others: those who come back with a session are not asked for their certificate again.
     */
    void use(Material material) throws GeneralSecurityException;
}
