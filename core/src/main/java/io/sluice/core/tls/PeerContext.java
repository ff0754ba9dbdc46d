package io.sluice.core.tls;

import javax.net.ssl.SSLEngine;

/** What the connections to one server have in common, with them the sessions. Safe from any thread. */
interface PeerContext {

    /** An engine for one connection. */
    SSLEngine newEngine();
}
