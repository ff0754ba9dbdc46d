package io.sluice.config;

import io.sluice.config.ClientTlsConfig.Negotiation;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A group of servers that can stand in for each other, and how one is chosen. Immutable.
 *
 * @param servers           at least one, names unique
 * @param healthCheck       empty: servers count as up as long as their names resolve
 * @param initialState      the state of a server before the end of its first health check
 * @param retries           further connection attempts after a failed one, each on another server
 * @param slowStart         how long a recovered server takes to reach its full weight; zero: at once
 * @param onDown            what happens to the connections on a server that goes down
 * @param sendProxyProtocol the PROXY protocol header that begins each connection
 * @param tls               TLS with servers; empty: plain text
 * @param source            local addresses to connect from, used in turn; empty: the kernel chooses
 * @param maxQueue          connections that may wait for a server, over all workers, for each role; 0: none waits
 * @param resolveInterval   how often host names are resolved again
 * @param failover          what happens while no server can take a client, and when roles change
 * @param http              settings that only HTTP listeners use
 */
public record PoolConfig(
        String name,
        Balance balance,
        List<ServerConfig> servers,
        Optional<HealthCheckConfig> healthCheck,
        InitialState initialState,
        PassiveConfig passive,
        Timeouts timeouts,
        int retries,
        Duration slowStart,
        OnDown onDown,
        ProxyProtocolVersion sendProxyProtocol,
        Optional<ClientTlsConfig> tls,
        List<InetAddress> source,
        int maxQueue,
        Duration resolveInterval,
        FailoverConfig failover,
        HttpPoolConfig http) {

    public PoolConfig {
        Checks.name("pool", name);
        servers = List.copyOf(servers);
        source = List.copyOf(source);
        Checks.inRange("servers", servers.size(), 1, 4096);
        Checks.uniqueNames("server", servers.stream().map(ServerConfig::name));
        Checks.inRange("retries", retries, 0, 100);
        Checks.notNegative("slow-start", slowStart);
        Checks.inRange("max-queue", maxQueue, 0, 1_000_000);
        Checks.positive("resolve-interval", resolveInterval);
        Checks.that((balance == Balance.HASH) == http.hashBy().isPresent(), "balance: hash and hash-by go together");
    }

    /** Whether TLS begins with PostgreSQL's SSLRequest; unless configured, if health checks are PostgreSQL's. */
    public boolean asksForPostgresTls() {
        return tls.isPresent() && tls.get().negotiation().map(Negotiation.POSTGRES::equals)
                .orElse(healthCheck.filter(HealthCheckConfig.Postgres.class::isInstance).isPresent());
    }

    /** Whether health checks find out which server is the primary. */
    public boolean tellsRoles() {
        return healthCheck.filter(HealthCheckConfig.Database.class::isInstance).isPresent();
    }

    /** How a server is chosen for a new connection or request. */
    public enum Balance {
        ROUND_ROBIN,
        LEAST_CONNECTIONS,
        IP_HASH,
        /** As {@link #IP_HASH}, but by a part of the request; for TCP, that can only be the client's address. */
        HASH,
        RANDOM_OF_TWO,
        FIRST
    }

    /** The state of a server before the end of its first health check. */
    public enum InitialState {
        /** Listeners wait for the first round of checks, at most one timeout; a server without an answer is down. */
        CHECKED,
        /** Servers take connections from the start. */
        UP
    }

    /** What happens to established connections when their server goes down. */
    public enum OnDown { KEEP, CLOSE_CONNECTIONS }

    /** The PROXY protocol header sent to servers. */
    public enum ProxyProtocolVersion { OFF, V1, V2 }

    /**
     * Time limits of the server side.
     *
     * @param connect for each attempt, until the server has accepted the connection and completed the TLS handshake
     * @param server  for the server side to move a byte (HAProxy: {@code timeout server})
     * @param queue   until a server has a free slot
     */
    public record Timeouts(Duration connect, Duration server, Duration queue) {
        public Timeouts {
            Checks.positive("connect", connect);
            Checks.positive("server", server);
            Checks.positive("queue", queue);
        }
    }
}
