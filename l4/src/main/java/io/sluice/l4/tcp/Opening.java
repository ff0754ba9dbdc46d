package io.sluice.l4.tcp;

import io.sluice.core.log.SessionRecord;
import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * What a session does between its client's admission and the relay: it finds the client's route, and has said what has
 * to be said before both sides can be left to themselves. Owned by one event loop.
 */
interface Opening {

    /**
     * The client was admitted: leads to {@link TcpSession#connect} or to a refusal, perhaps at once.
     *
     * @param received what the client has sent so far, from now on the opening's; null if nothing
     */
    void start(ByteBuffer received);

    /** A server is connected: leads to {@link TcpSession#relay} or to a refusal, perhaps at once. */
    void onServerConnected(Connection server);

    /** The session is over: whatever is held is given back. */
    default void end() { }

    /** Adds what was learned of the client. */
    default void describe(SessionRecord record) { }
}
