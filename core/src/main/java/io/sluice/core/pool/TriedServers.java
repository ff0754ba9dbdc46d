package io.sluice.core.pool;

/** The servers that one client's connection attempts have failed on; few. Owned by one event loop. */
public final class TriedServers {

    /** Nothing tried yet. Never added to. */
    public static final TriedServers NONE = new TriedServers(0);

    private final Server[] servers;
    private int count;

    /** @param most how many servers it can hold */
    public TriedServers(int most) {
        servers = new Server[most];
    }

    public void add(Server server) {
        servers[count++] = server;
    }

    public boolean contains(Server server) {
        for (int i = 0; i < count; i++) {
            if (servers[i] == server) {
                return true;
            }
        }
        return false;
    }
}
