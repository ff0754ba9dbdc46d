package io.sluice.core.worker;

import io.sluice.core.limit.ClientCounts;
import io.sluice.core.log.Termination;
import io.sluice.core.pool.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The life of one client's connection, from accept to end, as its worker knows it. Owned by one event loop. */
public abstract class Session {

    /** Links of the worker's list. */
    Session previous;
    Session next;
    /** Its start in milliseconds since 1970, and in the low bits a number that tells it from others of that time. */
    long id;
    /** The address by which the client was admitted; null before. */
    InetAddress admitted;
    /** Where {@link ClientLimit} has counted the session. */
    int clientSlot = ClientCounts.NONE;

    /** The listener that accepted the client. */
    public abstract Listener listener();

    /** The client's address, as far as it is known. */
    public abstract InetSocketAddress client();

    /** The name of the pool that the client is sent to; null before that is known. */
    public abstract String pool();

    /** What it is doing, as a word. */
    public abstract String phase();

    /** Bytes that the server has taken from the client; negative where they are not counted by session. */
    public long clientBytes() {
        return -1;
    }

    /** Bytes that the client has taken from the server; likewise. */
    public long serverBytes() {
        return -1;
    }

    /** Requests received; negative where the protocol is not one of requests. */
    public int requests() {
        return -1;
    }

    /** The server that the client is connected to, or null if it is not yet. */
    public abstract Server server();

    /** Whether {@link #server} has lost the role for which the client was sent there. */
    public boolean isMisplaced() {
        return false;
    }

    /** Whether the client would be sent to another server of its pool rather than to its own, if it came now. */
    public boolean prefers(Server other) {
        return false;
    }

    /**
     * Servers have changed their roles: a session that is connecting to a server without the wanted role tries another.
     */
    public void reconsider() { }

    /** Ends the session now, with resets. */
    public abstract void abort(Termination termination);

    /** The same because Sluice stops; the logged cause says in which phase the session was. */
    public abstract void kill();

    /**
     * The worker has another snapshot. Work under way goes on by the old one; later requests may be served by the new
     * one.
     */
    public void onSnapshot() { }

    /**
     * Sluice runs short of a resource: a session that was served before and only waits for its client's next request
     * should end.
     */
    public void giveWay() { }

    /**
     * Sluice accepts no more connections: a session that waits for nothing in particular should end once it has done so
     * for {@link Worker#mostIdleNs}.
     */
    public void drain() { }
}
