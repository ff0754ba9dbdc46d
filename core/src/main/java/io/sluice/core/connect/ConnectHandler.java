package io.sluice.core.connect;

import io.sluice.core.log.Termination;
import io.sluice.core.net.Connection;
import io.sluice.core.pool.Server;

/** Told how {@link ConnectAttempts} ended. Called on its event loop, also from within {@code start}. */
public interface ConnectHandler {

    /**
     * A server was chosen and its slot taken. True if the handler has a connection to this server already, and takes
     * that: then {@link #onConnectionReused} follows instead of {@link #onServerConnected}.
     */
    default boolean tryReuse(Server server) {
        return false;
    }

    /** The attempts are over; the handler uses the connection that it has taken in {@link #tryReuse}. */
    default void onConnectionReused() {
        throw new IllegalStateException("nothing was said to be reused");
    }

    /** The client has to wait, as no server has a free slot. The handler may cancel the attempts. */
    default void onQueued() { }

    /** A server is connected, and has been sent the PROXY protocol header if one is configured. */
    void onServerConnected(Connection server);

    /** No server could be connected. */
    void onServerFailed(Termination termination);
}
