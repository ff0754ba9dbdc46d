package io.sluice.l4.postgres;

import io.sluice.core.pool.Server;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Maps the key of each live session to the server of a pool that holds it: a CancelRequest comes on a connection of its
 * own and names only the key. There are at most as many keys as sessions.
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

    /** The number of known sessions. */
    public int size() {
        return servers.size();
    }
}
