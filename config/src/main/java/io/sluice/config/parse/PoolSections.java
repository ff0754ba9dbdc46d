package io.sluice.config.parse;

import static io.sluice.config.SluiceConfig.UNLIMITED;
import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;
import static io.sluice.config.parse.Quantities.durationOrZero;

import io.sluice.config.PassiveConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.config.PoolConfig.OnDown;
import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.config.PoolConfig.Timeouts;
import io.sluice.config.ServerConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of a pool and of its servers. */
final class PoolSections {

    private static final Section<ServerConfig> SERVER = server();
    private static final Section<PassiveConfig> PASSIVE = passive();
    private static final Section<Timeouts> TIMEOUTS = timeouts();

    static final ValueType<List<PoolConfig>> POOLS =
            new MapType<>(Words.name("pool").then(PoolSections::definePool), pool(), PoolConfig::name);

    private PoolSections() { }

    private static String definePool(String name, Node at, Reading reading) {
        reading.pools().define(name, at, reading.path("." + name));
        return name;
    }

    /** One table, and as long as the pool has keys: cut in two it would be harder to read. */
    private static Section<PoolConfig> pool() {
        var keys = Section.<PoolConfig>named("pool",
                "Servers that can stand in for each other, and how one is chosen.");
        var balance = keys.optional("balance", Words.oneOf(Balance.class), Balance.ROUND_ROBIN, PoolConfig::balance,
                "How a server is chosen for a new connection: by turns; the fewest connections by weight; the client's "
                        + "address, hashed; the less loaded of two drawn at random; the first that has room.");
        var servers = keys.required("servers", ListType.of(SERVER).notEmpty().uniqueBy("name"),
                PoolConfig::servers, "At most 4096.");
        var healthCheck = keys.optional("health-check", HealthCheckSections.HEALTH_CHECK, Optional.empty(),
                PoolConfig::healthCheck,
                "How servers are asked whether they work. With `off` they count as up as long as their names resolve.");
        var initialState = keys.optional("initial-state", Words.oneOf(InitialState.class), InitialState.CHECKED,
                PoolConfig::initialState, "At start, listeners wait for the first health checks, at most one check "
                        + "`timeout`; or servers count as `up` at once.");
        var passive = keys.optional("passive", PASSIVE.or("off", neverEject()), PASSIVE.defaults(),
                PoolConfig::passive, "When failures of live traffic take a server out for a while.");
        var timeouts = keys.subsection("timeouts", TIMEOUTS, PoolConfig::timeouts,
                "Limits of waiting on the server side.");
        var retries = keys.optional("retries", integer(0, 100), 3, PoolConfig::retries,
                "Further connection attempts after a failed one, each on another server.");
        var slowStart = keys.optional("slow-start", durationOrZero(), Duration.ZERO, PoolConfig::slowStart,
                "How long a server that came back takes to reach its full weight. `0s`: at once.");
        var onDown = keys.optional("on-down", Words.oneOf(OnDown.class), OnDown.KEEP, PoolConfig::onDown,
                "What happens to established connections when their server goes down.");
        var sendProxyProtocol = keys.optional("send-proxy-protocol", Words.oneOf(ProxyProtocolVersion.class),
                ProxyProtocolVersion.OFF, PoolConfig::sendProxyProtocol,
                "The PROXY protocol header that servers get first; they must expect it.");
        var source = keys.<List<InetAddress>>optional("source", ListType.of(Addresses.address()), List.of(),
                PoolConfig::source, "Local addresses to connect from, used in turn. Empty: the kernel chooses.");
        var maxQueue = keys.optional("max-queue", integer(0, 1_000_000), 1024, PoolConfig::maxQueue,
                "Connections that may wait for a server below its `max-connections`. 0: none waits.");
        var resolveInterval = keys.optional("resolve-interval", duration(), Duration.ofSeconds(10),
                PoolConfig::resolveInterval, "How often host names are resolved again.");
        keys.check(List.of(servers), values -> values.get(servers).stream().anyMatch(server -> server.weight() > 0),
                "every server has weight 0: none can take a connection");
        return keys.build(values -> new PoolConfig(values.name(), values.get(balance), values.get(servers),
                values.get(healthCheck), values.get(initialState), values.get(passive), values.get(timeouts),
                values.get(retries), values.get(slowStart), values.get(onDown), values.get(sendProxyProtocol),
                values.get(source), values.get(maxQueue), values.get(resolveInterval)));
    }

    private static Section<ServerConfig> server() {
        var keys = Section.<ServerConfig>named("server", "One server of a pool.");
        var name = keys.required("name", Words.name("server"), ServerConfig::name,
                "Unique in its pool; logs show it as `pool/server`.");
        var address = keys.required("address", Addresses.server(), ServerConfig::address,
                "An IP address or a host name, and the port: `10.0.0.11:5432`, `db1:5432`, "
                        + "`\"[2001:db8::1]:5432\"` (YAML wants the quotes).");
        var weight = keys.optional("weight", integer(0, ServerConfig.MAX_WEIGHT), 1, ServerConfig::weight,
                "Share of the load against the other servers. 0: gets nothing new.");
        var backup = keys.optional("backup", Numbers.bool(), false, ServerConfig::backup,
                "Takes connections only while no server without `backup` can.");
        var maxConnections = keys.optional("max-connections",
                integer(1, UNLIMITED - 1).or("unlimited", UNLIMITED), UNLIMITED, ServerConfig::maxConnections,
                "Connections at a time. At the bound, new ones wait in the pool's queue.");
        return keys.build(values -> new ServerConfig(values.get(name), values.get(address), values.get(weight),
                values.get(backup), values.get(maxConnections)));
    }

    private static Section<PassiveConfig> passive() {
        var keys = Section.<PassiveConfig>named("passive", "What live traffic says about a server.");
        var connectFailures = keys.optional("connect-failures", integer(0, 1_000_000), 3,
                PassiveConfig::connectFailures,
                "Failed connection attempts in a row that eject a server. 0: never, as `passive: off`.");
        var ejectFor = keys.optional("eject-for", duration(), Duration.ofSeconds(10), PassiveConfig::ejectFor,
                "Length of the first ejection. Each further one in a row is longer by this, up to five minutes.");
        var maxEjected = keys.optional("max-ejected", Numbers.percent(), 50, PassiveConfig::maxEjectedPercent,
                "At most this share of a pool's servers is ejected at a time, rounded down.");
        return keys.build(values ->
                new PassiveConfig(values.get(connectFailures), values.get(ejectFor), values.get(maxEjected)));
    }

    private static PassiveConfig neverEject() {
        PassiveConfig usual = PASSIVE.defaults();
        return new PassiveConfig(0, usual.ejectFor(), usual.maxEjectedPercent());
    }

    private static Section<Timeouts> timeouts() {
        var keys = Section.<Timeouts>named("pool-timeouts", "Limits of waiting on the server side.");
        var connect = keys.optional("connect", duration(), Duration.ofSeconds(5), Timeouts::connect,
                "Until a server has accepted the connection, each attempt.");
        var server = keys.optional("server", duration(), Duration.ofHours(1), Timeouts::server,
                "Without a byte moving on the server side.");
        var queue = keys.optional("queue", duration(), Duration.ofSeconds(5), Timeouts::queue,
                "Until a server below its `max-connections` is found.");
        return keys.build(values ->
                new Timeouts(values.get(connect), values.get(server), values.get(queue)));
    }
}
