package io.sluice.l4.postgres;

import io.sluice.core.pool.Server;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which server of a pool holds the session of a key, for as long as the session lasts: a client that wants to have it
 * cancelled comes by a connection of its own. There are at most as many keys as sessions.
 *
 * <p>Safe from any thread.
 */
public final class CancelKeys {

    private final ConcurrentHashMap<BackendKey, Server> servers = new ConcurrentHashMap<>();

    public void add(BackendKey key, Server server) {
        servers.put(key, server);
    }

    /** Removes a key that was added for that server. */
    public void remove(BackendKey key, Server server) {
        servers.remove(key, server);
    }

    /** The server, or null if no session of that key is known. */
    public Server find(BackendKey key) {
        return servers.get(key);
    }

    /** Sessions that are known. */
    public int size() {
        return servers.size();
    }
}
