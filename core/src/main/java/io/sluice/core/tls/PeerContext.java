package io.sluice.core.tls;

import javax.net.ssl.SSLEngine;

/** What the connections to one server share, including sessions. Safe from any thread. */
interface PeerContext {

    /** An engine for one connection. */
    SSLEngine newEngine();
}
