package io.sluice.l7.proxy;

import io.sluice.core.log.Termination;

/** Told what a {@link ServerLease} has come to. Called on its event loop, also from within its methods. */
interface ServerLeaseHandler {

    /** A connection to a server is ready for a request. */
    void onServer(ServerConnection server);

    /** No server could be had. */
    void onNoServer(Termination cause);
}
