package io.sluice.config;

import java.util.List;
import java.util.Optional;

/** Where clients come in, and what is spoken there. Immutable. */
public sealed interface ListenerConfig permits TcpListenerConfig, HttpListenerConfig {

    /** The highest importance. */
    int MOST_IMPORTANT = 100;

    /** Unique among the listeners; the name that logs and counters use. */
    String name();

    /** The addresses to listen on, at least one; port 0 lets the kernel choose. */
    List<Endpoint> bind();

    /** Client connections at a time over all workers; at the bound Sluice stops accepting and the kernel queues. */
    int maxConnections();

    /** Length of the kernel's queue of connections not yet accepted, each socket; the kernel caps it (somaxconn). */
    int backlog();

    /** How much it matters, from 1 to {@link #MOST_IMPORTANT}: under overload those of least importance stop first. */
    int importance();

    /** Whether and from whom the PROXY protocol is expected. */
    ProxyProtocolConfig proxyProtocol();

    /** Which client addresses are let in. */
    AccessConfig access();

    /** The names of its routes in their order; none if there is no choice between routes. */
    List<String> routeNames();

    /** How clients are spoken to in TLS; empty: in plain text. */
    Optional<ServerTlsConfig> tls();

    /** The names of all pools that this listener may send a client to. */
    List<String> poolNames();
}
