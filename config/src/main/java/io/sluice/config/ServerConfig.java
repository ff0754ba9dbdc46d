package io.sluice.config;

/**
 * One server of a pool. Immutable.
 *
 * @param name           unique in its pool; logs show it as {@code pool/server}
 * @param address        an IP address or a host name, and the port
 * @param weight         share of the load relative to the other servers of the pool; 0: gets nothing new (drained)
 * @param backup         whether the server takes connections only while no other server of the pool can
 * @param maxConnections the most connections over all workers; at the bound, new ones wait in the pool's queue
 * @param state          the operator's directive, whatever the server's health
 */
public record ServerConfig(
        String name, Endpoint address, int weight, boolean backup, int maxConnections, AdminState state) {

    public static final int MAX_WEIGHT = 256;

    public ServerConfig {
        Checks.name("server", name);
        Checks.inRange("weight", weight, 0, MAX_WEIGHT);
        Checks.atLeast("max-connections", maxConnections, 1);
        Checks.inRange("port", address.port(), 1, Endpoint.MAX_PORT);
    }

    /** An operator's directive for a server. */
    public enum AdminState {
        READY,
        /** The server gets nothing new; its connections go on, and it is checked. */
        DRAIN,
        /** The server gets nothing new and is not checked. */
        MAINTENANCE
    }
}
