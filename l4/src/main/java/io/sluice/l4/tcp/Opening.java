package io.sluice.l4.tcp;

import io.sluice.core.log.SessionRecord;
import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * What a session does between its client's admission and the relay: finds the client's route, and takes part in the
 * protocol as far as necessary before bytes are only relayed. Owned by one event loop.
 */
interface Opening {

    /**
     * The client was admitted: calls {@link TcpSession#connect} or ends the session, now or later.
     *
     * @param received what the client has sent so far, in a buffer that the opening takes over; null if nothing
     */
    void start(ByteBuffer received);

    /** A server is connected: calls {@link TcpSession#relay} or ends the session, now or later. */
    void onServerConnected(Connection server);

    /** The session is over: releases all that the opening holds. */
    default void end() { }

    /** Adds what it has learned about the client. */
    default void describe(SessionRecord record) { }
}
