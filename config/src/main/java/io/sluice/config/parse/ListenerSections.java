package io.sluice.config.parse;

import static io.sluice.config.SluiceConfig.UNLIMITED;
import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;

import io.sluice.config.AccessConfig;
import io.sluice.config.Cidr;
import io.sluice.config.Endpoint;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.config.ProxyProtocolConfig.Accept;
import io.sluice.config.SessionLogConfig;
import io.sluice.config.SessionLogConfig.Format;
import io.sluice.config.SessionLogConfig.Target;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpListenerConfig.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of a listener. A further protocol is a further section in {@link #LISTENER}. */
final class ListenerSections {

    private static final Section<ProxyProtocolConfig> PROXY_PROTOCOL = proxyProtocol();
    private static final Section<Timeouts> TCP_TIMEOUTS = tcpTimeouts();
    private static final Section<SessionLogConfig> SESSION_LOG = sessionLog();

    static final ValueType<ListenerConfig> LISTENER = new Variants<>("protocol",
            List.of(new Variants.Variant<>("tcp", TcpListenerConfig.class, tcpListener())));

    private ListenerSections() { }

    /** One table, and as long as the listener has keys: cut in two it would be harder to read. */
    private static Section<TcpListenerConfig> tcpListener() {
        var keys = Section.<TcpListenerConfig>named("tcp-listener", "Where TCP clients come in, and who serves them.");
        var name = keys.required("name", Words.name("listener"), TcpListenerConfig::name,
                "Unique among the listeners; logs and counters use it.");
        keys.required("protocol", Words.exactly("tcp"), _ -> "tcp", "TCP, passed through as it is.");
        var bind = keys.required("bind", ListType.of(Addresses.bind()).notEmpty(), TcpListenerConfig::bind,
                "Addresses to listen on: `10.0.0.1:5432`, `0.0.0.0:5432` or `\"*:5432\"` for every IPv4 address of the "
                        + "host, `\"[::1]:5432\"`. With port 0 the kernel chooses one.");
        var pool = keys.required("pool", Words.name("pool").then(ListenerSections::usePool),
                TcpListenerConfig::pool, "The name of the pool that serves the clients.");
        var maxConnections = keys.optional("max-connections",
                integer(1, UNLIMITED - 1).or("unlimited", UNLIMITED), UNLIMITED, TcpListenerConfig::maxConnections,
                "Client connections at a time. At the bound Sluice stops accepting and the kernel queues.");
        var backlog = keys.optional("backlog", integer(1, 1 << 20), 4096, TcpListenerConfig::backlog,
                "Length of the kernel's queue of connections not yet accepted, each socket. "
                        + "The kernel caps it at `net.core.somaxconn`.");
        var proxyProtocol = keys.subsection("proxy-protocol", PROXY_PROTOCOL, TcpListenerConfig::proxyProtocol,
                "Whether clients come through a proxy that tells their addresses.");
        var networks = ListType.of(Addresses.network());
        var allow = keys.<List<Cidr>>optional("allow", networks, List.of(), listener -> listener.access().allow(),
                "Networks that are let in; with an empty list, everyone who is not in `deny`. "
                        + "The longest prefix that contains an address decides; in both lists, it denies.");
        var deny = keys.<List<Cidr>>optional("deny", networks, List.of(), listener -> listener.access().deny(),
                "Networks that are kept out.");
        var timeouts = keys.subsection("timeouts", TCP_TIMEOUTS, TcpListenerConfig::timeouts,
                "How long a connection may be silent.");
        var sessionLog = keys.optional("session-log", SESSION_LOG.or("off",
                new SessionLogConfig(Target.OFF, Optional.empty(), Format.TEXT), log -> log.target() == Target.OFF),
                SESSION_LOG.defaults(), TcpListenerConfig::sessionLog,
                "Where the record of each ended connection goes.");
        return keys.build(values -> new TcpListenerConfig(values.get(name), values.get(bind), values.get(pool),
                values.get(maxConnections), values.get(backlog), values.get(proxyProtocol),
                new AccessConfig(values.get(allow), values.get(deny)), values.get(timeouts), values.get(sessionLog)));
    }

    private static String usePool(String name, Node at, Reading reading) {
        reading.pools().use(name, at, reading.path());
        return name;
    }

    private static Section<ProxyProtocolConfig> proxyProtocol() {
        var keys = Section.<ProxyProtocolConfig>named("proxy-protocol",
                "The PROXY protocol, version 1 or 2, on the client side.");
        var accept = keys.optional("accept", Words.oneOf(Accept.class), Accept.OFF, ProxyProtocolConfig::accept,
                "With `required`, every connection must start with a header and come from a `trusted` network; "
                        + "others are reset.");
        var trusted = keys.<List<Cidr>>optional("trusted", ListType.of(Addresses.network()), List.of(),
                ProxyProtocolConfig::trusted, "Networks that may send the header. Needed with `accept: required`.");
        var timeout = keys.optional("timeout", duration(), Duration.ofSeconds(5), ProxyProtocolConfig::timeout,
                "Until the whole header has arrived.");
        keys.check(List.of(trusted, accept),
                values -> values.get(accept) == Accept.OFF || !values.get(trusted).isEmpty(),
                "accept: required needs trusted: the networks that may send the header");
        return keys.build(values ->
                new ProxyProtocolConfig(values.get(accept), values.get(trusted), values.get(timeout)));
    }

    private static Section<Timeouts> tcpTimeouts() {
        var keys = Section.<Timeouts>named("tcp-listener-timeouts",
                "Limits of silence on the client side. A byte read or written makes a side active.");
        var client = keys.optional("client", duration(), Duration.ofHours(1), Timeouts::client,
                "Without a byte moving on the client side.");
        var halfClosed = keys.optional("half-closed", duration(), Duration.ofSeconds(30), Timeouts::halfClosed,
                "Without any byte moving once one side has ended its direction.");
        return keys.build(values -> new Timeouts(values.get(client), values.get(halfClosed)));
    }

    private static Section<SessionLogConfig> sessionLog() {
        var keys = Section.<SessionLogConfig>named("session-log", "One record for each connection, when it ends.");
        ValueType<Optional<Path>> target = Words.path().map(Optional::of, Optional::orElseThrow);
        var file = keys.optional("file", target.or("stdout", Optional.empty()), Optional.empty(),
                SessionLogConfig::file, "A relative path starts at the directory of the configuration file.");
        var format = keys.optional("format", Words.oneOf(Format.class), Format.TEXT, SessionLogConfig::format,
                "A line of text, or a line of JSON.");
        return keys.build(values -> new SessionLogConfig(
                values.get(file).isPresent() ? Target.FILE : Target.STDOUT, values.get(file), values.get(format)));
    }
}
