package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;

import io.sluice.config.AccessConfig;
import io.sluice.config.Cidr;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.config.ProxyProtocolConfig.Accept;
import io.sluice.config.RateLimitConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of every listener that say who is admitted, and how many at a time. Immutable. */
record ListenerDoor<T extends ListenerConfig>(
        Key<T, Integer> maxConnections,
        Key<T, Integer> maxConnectionsPerClient,
        Key<T, Integer> backlog,
        Key<T, Integer> importance,
        Key<T, ProxyProtocolConfig> proxyProtocol,
        Key<T, List<Cidr>> allow,
        Key<T, List<Cidr>> deny,
        Key<T, Optional<RateLimitConfig>> rateLimit) {

    private static final Section<ProxyProtocolConfig> PROXY_PROTOCOL = proxyProtocolSection();

    static <T extends ListenerConfig> ListenerDoor<T> of(Section.Builder<T> keys) {
        var maxConnections = keys.bound("max-connections", T::maxConnections,
                "Maximum number of client connections at a time. When it is reached, Sluice stops accepting and the "
                        + "kernel queues new ones.");
        var perClient = keys.bound("max-connections-per-client", T::maxConnectionsPerClient,
                "Maximum number of connections at a time from one IPv4 address, or from one IPv6 network of 64 bits. "
                        + "Further ones are reset.");
        var backlog = keys.optional("backlog", integer(1, 1 << 20), 4096, T::backlog,
                "Length of the kernel's queue of connections that are not yet accepted, per socket. The kernel caps it "
                        + "at `net.core.somaxconn`. A reload changes it for new addresses only.");
        var importance = keys.optional("importance", integer(1, ListenerConfig.MOST_IMPORTANT), 50, T::importance,
                "Under `overload`, the least important listeners stop accepting first.");
        var proxyProtocol = keys.optional("proxy-protocol", PROXY_PROTOCOL.then(ListenerDoor::warnIfUnread),
                PROXY_PROTOCOL.defaults(), T::proxyProtocol,
                "Whether clients connect through a proxy that passes on their addresses.");
        var networks = ListType.of(Addresses.network());
        var allow = keys.<List<Cidr>>optional("allow", networks, List.of(), listener -> listener.access().allow(),
                "Networks whose clients are let in. With an empty list: everyone who is not in `deny`. The longest "
                        + "prefix that contains an address decides; if it is in both lists, the client is denied.");
        var deny = keys.<List<Cidr>>optional("deny", networks, List.of(), listener -> listener.access().deny(),
                "Networks whose clients are kept out.");
        var rateLimit = keys.maybe("rate-limit", RateLimitSections.OF_CONNECTIONS, T::rateLimit,
                "How often each client may connect.");
        return new ListenerDoor<>(maxConnections, perClient, backlog, importance, proxyProtocol, allow, deny,
                rateLimit);
    }

    AccessConfig access(Values values) {
        return new AccessConfig(values.get(allow), values.get(deny));
    }

    /** Senders of headers that are not read: they would reach the servers as the clients' bytes. */
    private static ProxyProtocolConfig warnIfUnread(ProxyProtocolConfig proxyProtocol, Node at, Reading reading) {
        if (proxyProtocol.accept() == Accept.OFF && !proxyProtocol.trusted().isEmpty()) {
            reading.warning(at, reading.path(),
                    "headers are not read, whoever sends them: that takes accept: required");
        }
        return proxyProtocol;
    }

    private static Section<ProxyProtocolConfig> proxyProtocolSection() {
        var keys = Section.<ProxyProtocolConfig>named("proxy-protocol",
                "The PROXY protocol, version 1 or 2, on the client side.");
        var accept = keys.optional("accept", Words.oneOf(Accept.class), Accept.OFF, ProxyProtocolConfig::accept,
                "With `required`, every connection must start with a header and come from a `trusted` network; "
                        + "others are reset.");
        var trusted = keys.<List<Cidr>>optional("trusted", ListType.of(Addresses.network()), List.of(),
                ProxyProtocolConfig::trusted, "Networks that may send the header. Needed with `accept: required`.");
        var timeout = keys.optional("timeout", duration(), Duration.ofSeconds(5), ProxyProtocolConfig::timeout,
                "How long the whole header may take to arrive.");
        keys.check(List.of(trusted, accept),
                values -> values.get(accept) == Accept.OFF || !values.get(trusted).isEmpty(),
                "accept: required needs trusted: the networks that may send the header");
        return keys.build(values ->
                new ProxyProtocolConfig(values.get(accept), values.get(trusted), values.get(timeout)));
    }
}
