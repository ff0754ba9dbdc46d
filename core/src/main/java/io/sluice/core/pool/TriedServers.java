package io.sluice.core.pool;

import java.util.Arrays;

/**
 * The servers that one client's connection attempts have failed on; few. Owned by one event loop. Not changed while the
 * client waits in a queue, whose home reads it meanwhile.
 */
public final class TriedServers {

    /** Nothing tried yet. Never added to. */
    public static final TriedServers NONE = new TriedServers();

    private Server[] servers = new Server[4];
    private int count;

    public void add(Server server) {
        assert this != NONE;
        if (count == servers.length) {
            servers = Arrays.copyOf(servers, 2 * count);
        }
        servers[count++] = server;
    }

    /** The same without one server. */
    TriedServers without(Server server) {
        if (!contains(server)) {
            return this;
        }
        TriedServers others = NONE;
        for (int i = 0; i < count; i++) {
            if (servers[i] != server) {
                others = others == NONE ? new TriedServers() : others;
                others.add(servers[i]);
            }
        }
        return others;
    }

    boolean contains(Server server) {
        for (int i = 0; i < count; i++) {
            if (servers[i] == server) {
                return true;
            }
        }
        return false;
    }
}
