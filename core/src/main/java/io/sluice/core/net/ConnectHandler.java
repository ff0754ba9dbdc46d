package io.sluice.core.net;

import io.sluice.core.log.Termination;
import io.sluice.core.pool.Server;

/** Told how {@link ConnectAttempts} ended. Called on its event loop, also from within {@code start}. */
public interface ConnectHandler {

    /**
     * A server was chosen and its slot taken. True if the handler has a connection to it already and wants to use it:
     * then {@link #onConnectionReused} follows in place of {@link #onServerConnected}.
     */
    default boolean reusesConnection(Server server) {
        return false;
    }

    /** The attempts are over, with the connection that {@link #reusesConnection} spoke of. */
    default void onConnectionReused() {
        throw new IllegalStateException("nothing was said to be reused");
    }

    /** The client has to wait, as no server has a slot free. Giving up is allowed. */
    default void onQueued() { }

    /**
     * Whether there is something for a server as soon as it is connected. If nothing is said then, it may learn of the
     * connection only 200 ms later, which is how long the kernel waits to acknowledge.
     */
    default boolean speaksFirst() {
        return false;
    }

    /** A server is connected, and has been sent the PROXY protocol header if one is configured. */
    void onServerConnected(Connection server);

    /** No server could be had. */
    void onServerFailed(Termination termination);
}
