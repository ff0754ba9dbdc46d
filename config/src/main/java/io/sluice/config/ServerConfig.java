package io.sluice.config;

/**
 * One server of a pool. Immutable.
 *
 * @param name           unique in its pool; logs show it as {@code pool/server}
 * @param address        an IP address or a host name, and the port
 * @param weight         share of the load against the other servers of the pool; 0: gets nothing new (drained)
 * @param backup         takes connections only while no other server of the pool can
 * @param maxConnections connections at a time over all workers; at the bound new ones wait in the pool's queue
 * @param state          what the operator wants of it, whatever its health
 */
public record ServerConfig(
        String name, Endpoint address, int weight, boolean backup, int maxConnections, AdminState state) {

    public static final int MAX_WEIGHT = 256;

    public ServerConfig {
        Checks.name("server", name);
        Checks.inRange("weight", weight, 0, MAX_WEIGHT);
        Checks.atLeast("max-connections", maxConnections, 1);
        Checks.inRange("port", address.port(), 1, 65535);
    }

    /** What the operator wants of a server. */
    public enum AdminState {
        READY,
        /** It gets nothing new; what it has goes on, and it is checked. */
        DRAIN,
        /** It gets nothing new and is not checked. */
        MAINTENANCE
    }
}
