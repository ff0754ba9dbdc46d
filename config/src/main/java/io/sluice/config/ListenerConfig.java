package io.sluice.config;

import java.util.List;
import java.util.Optional;

/** The addresses and the protocol of a group of clients. Immutable. */
public sealed interface ListenerConfig permits TcpListenerConfig, HttpListenerConfig {

    /** The highest importance. */
    int MOST_IMPORTANT = 100;

    /** Unique among the listeners; the name that logs and counters use. */
    String name();

    /** The addresses to listen on, at least one; port 0 lets the kernel choose. */
    List<Endpoint> bind();

    /** The most client connections over all workers; at the bound, Sluice stops accepting and the kernel queues. */
    int maxConnections();

    /** The most connections over all workers of an IPv4 address or an IPv6 /64; further ones are reset. */
    int maxConnectionsPerClient();

    /** The length of the kernel's accept queue of each socket; the kernel caps it (somaxconn). */
    int backlog();

    /** From 1 to {@link #MOST_IMPORTANT}: under overload, the least important listeners stop accepting first. */
    int importance();

    /** Whether and from whom the PROXY protocol is expected. */
    ProxyProtocolConfig proxyProtocol();

    /** Which client addresses are admitted. */
    AccessConfig access();

    /** How often each client may connect; empty: as often as it likes. */
    Optional<RateLimitConfig> rateLimit();

    /** The names of the routes, in their order; empty if the listener has only one way for all clients. */
    List<String> routeNames();

    /** TLS with clients; empty: plain text. */
    Optional<ServerTlsConfig> tls();

    /** The names of all pools that this listener may send a client to. */
    List<String> poolNames();
}
