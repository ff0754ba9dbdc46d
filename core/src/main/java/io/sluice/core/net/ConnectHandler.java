package io.sluice.core.net;

import io.sluice.core.log.Termination;

/** Told how {@link ConnectAttempts} ended. Called on its event loop, also from within {@code start}. */
public interface ConnectHandler {

    /** A server is connected, and has been sent the PROXY protocol header if one is configured. */
    void onServerConnected(Connection server);

    /** No server could be had. */
    void onServerFailed(Termination termination);
}
