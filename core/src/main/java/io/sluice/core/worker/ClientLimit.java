package io.sluice.core.worker;

import io.sluice.config.SluiceConfig;
import io.sluice.core.limit.ClientCounts;
import io.sluice.core.limit.ClientNetwork;
import java.net.InetAddress;

/**
 * Bounds the connections of each of a listener's clients. Counts from the first time that there is a bound, and goes on
 * if it is lifted, so that another one finds all connections counted. Safe from any thread; each session is passed by
 * its own event loop.
 */
final class ClientLimit {

    /** Null before there has been a bound. */
    private volatile ClientCounts counts;
    private volatile int most = SluiceConfig.UNLIMITED;

    /** Replaces the bound. Connections counted already stay, even if they are more. For one thread at a time. */
    void most(int changed) {
        if (counts == null && changed != SluiceConfig.UNLIMITED) {
            counts = new ClientCounts();
        }
        most = changed;
    }

    /** Counts a session as one of this client's; false if the client has as many as it may have. */
    boolean admit(Session session, InetAddress client) {
        if (!count(session, client, most)) {
            return false;
        }
        session.admitted = client;
        return true;
    }

    /** Counts a session that was admitted before there was a bound, even if its client has more than that now. */
    void include(Session session) {
        if (session.admitted != null && session.clientSlot == ClientCounts.NONE) {
            count(session, session.admitted, Integer.MAX_VALUE);
        }
    }

    /** The session is over. */
    void release(Session session) {
        if (session.clientSlot != ClientCounts.NONE) {
            counts.release(session.clientSlot);
            session.clientSlot = ClientCounts.NONE;
        }
    }

    private boolean count(Session session, InetAddress client, int bound) {
        ClientCounts now = counts;
        if (now == null) {
            return true;
        }
        session.clientSlot = now.tryAcquire(ClientNetwork.of(client), bound);
        return session.clientSlot != ClientCounts.NONE;
    }
}
