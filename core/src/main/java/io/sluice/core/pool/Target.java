package io.sluice.core.pool;

import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.TargetConfig.Wanted;
import java.util.List;

/** Where clients are sent: a pool, and which of its servers. Immutable; never blocks. Safe from any thread. */
public record Target(Pool pool, Wanted wanted) {

    /** Chooses a server and takes a slot on it, or null: then {@link #hasUntried} tells if there is one to wait for. */
    public Server pick(long hash, TriedServers tried) {
        return pool.pick(wanted, hash, tried);
    }

    /** Whether there is a server that takes connections, has a slot free now or not, and is not among {@code tried}. */
    public boolean hasUntried(TriedServers tried) {
        return pool.hasUntried(wanted, tried);
    }

    /** The number of waiting clients that are not pinned. If there are any, a new one has to queue behind them. */
    public int queueLength() {
        return pool.queueLength(wanted);
    }

    /** The one server that all clients are sent to at this moment; null if there is none or more than one. */
    public Server onlyServer() {
        List<Server> servers = pool.servers();
        if (servers.size() == 1) {
            return servers.getFirst();
        }
        return wanted == Wanted.PRIMARY ? primary(servers) : null;
    }

    private static Server primary(List<Server> servers) {
        for (Server server : servers) {
            if (server.role() == Role.PRIMARY) {
                return server;
            }
        }
        return null;
    }

    /** Whether the server has the wanted role at this moment; it may have changed since the server was picked. */
    public boolean admits(Server server) {
        return switch (wanted) {
            case ANY -> true;
            case PRIMARY -> server.role() == Role.PRIMARY;
            case REPLICA -> server.role() == Role.REPLICA;
            case REPLICA_OR_PRIMARY -> server.role() == Role.REPLICA || server.role() == Role.PRIMARY;
        };
    }

    /**
     * Whether a new client is sent to a server rather than to the one that an older client uses, which may not even
     * take new clients. False if either has left the pool, or that one has lost the wanted role.
     */
    public boolean prefers(Server server, Server used) {
        if (server.state() != ServerState.UP || !server.hasFreeSlot() || !admits(server) || !admits(used)) {
            return false;
        }
        List<Server> servers = pool.servers();
        int serverAt = servers.indexOf(server);
        int usedAt = servers.indexOf(used);
        if (serverAt < 0 || usedAt < 0) {
            return false;
        }
        int tier = tier(server);
        return tier < tier(used)
                || tier == tier(used) && pool.config().balance() == Balance.FIRST && serverAt < usedAt;
    }

    /** Which servers are turned to first, in the order of {@link Selections}: 0 for those. */
    private int tier(Server server) {
        int ofRole = wanted == Wanted.REPLICA_OR_PRIMARY && server.role() == Role.PRIMARY ? 2 : 0;
        return server.config().backup() ? ofRole + 1 : ofRole;
    }
}
