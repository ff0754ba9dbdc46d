package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;
import static io.sluice.config.parse.Quantities.durationOrZero;

import io.sluice.config.ClientTlsConfig;
import io.sluice.config.ClientTlsConfig.Negotiation;
import io.sluice.config.HealthCheckConfig;
import io.sluice.config.HttpPoolConfig;
import io.sluice.config.PassiveConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.config.PoolConfig.OnDown;
import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.config.PoolConfig.Timeouts;
import io.sluice.config.ServerConfig;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of a pool and of its servers. */
final class PoolSections {

    private static final Section<ServerConfig> SERVER = server();
    private static final Section<Passive> PASSIVE = passive();
    private static final Section<Waits> TIMEOUTS = timeouts();

    static final ValueType<List<PoolConfig>> POOLS =
            new MapType<>(Words.name("pool").then(PoolSections::definePool), pool(), PoolConfig::name)
                    .then(PoolSections::note);

    private PoolSections() { }

    private static String definePool(String name, Node at, Reading reading) {
        reading.pools().define(name, at, reading.path("." + name));
        return name;
    }

    private static List<PoolConfig> note(List<PoolConfig> pools, Node at, Reading reading) {
        pools.forEach(reading.roles()::define);
        pools.forEach(reading.postgresTls()::define);
        pools.forEach(reading.poolProtocols()::define);
        return pools;
    }

    /** One table, and as long as the pool has keys: cut in two it would be harder to read. */
    private static Section<PoolConfig> pool() {
        var keys = Section.<PoolConfig>named("pool",
                "Interchangeable servers, and how one of them is chosen.");
        var balance = keys.optional("balance", Words.oneOf(Balance.class), Balance.ROUND_ROBIN, PoolConfig::balance,
                "How a server is chosen for a new connection or request: in turn; the one with the fewest connections "
                        + "relative to its weight; by a hash of the client's address; by a hash of `hash-by`; the less "
                        + "loaded of two random ones; the first that has room.");
        var hashBy = keys.maybe("hash-by", RequestKeys.REQUEST_KEY, pool -> pool.http().hashBy(),
                "HTTP: what `balance: hash` hashes. For requests without this part or with an empty one: the client's "
                        + "address.");
        var servers = keys.required("servers", ListType.of(SERVER).notEmpty().uniqueBy("name"),
                PoolConfig::servers, "The servers, at most 4096.");
        var healthCheck = keys.optional("health-check", HealthCheckSections.HEALTH_CHECK, Optional.empty(),
                PoolConfig::healthCheck,
                "How servers are checked. With `off`, a server is up once its name has been resolved.");
        var initialState = keys.optional("initial-state", Words.oneOf(InitialState.class), InitialState.CHECKED,
                PoolConfig::initialState, "`checked`: at start, listeners wait for the first health checks, for one "
                        + "check `timeout` at most. `up`: servers count as up at once.");
        var passive = keys.optional("passive", PASSIVE.or("off", neverEject()), PASSIVE.defaults(), Passive::of,
                "When failures of live traffic eject a server for a while.");
        var timeouts = keys.subsection("timeouts", TIMEOUTS, Waits::of,
                "Timeouts on the server side.");
        var retries = keys.optional("retries", integer(0, 100), 3, PoolConfig::retries,
                "TCP: further connection attempts after a failed one, each to another server. For HTTP, see `retry`.");
        var slowStart = keys.optional("slow-start", durationOrZero(), Duration.ZERO, PoolConfig::slowStart,
                "How long a server that comes back takes to reach its full weight. `0s`: at once.");
        var onDown = keys.optional("on-down", Words.oneOf(OnDown.class), OnDown.KEEP, PoolConfig::onDown,
                "What happens to established connections when their server goes down.");
        var failover = FailoverKeys.of(keys);
        var sendProxyProtocol = keys.optional("send-proxy-protocol", Words.oneOf(ProxyProtocolVersion.class),
                ProxyProtocolVersion.OFF, PoolConfig::sendProxyProtocol,
                "The version of the PROXY protocol header to send to servers, which must expect it.");
        var tls = keys.maybe("tls", TlsSections.OF_POOL.then(TlsSections::warnIfUnverified), PoolConfig::tls,
                "Sluice uses TLS with the servers.");
        var source = keys.<List<InetAddress>>optional("source", ListType.of(Addresses.address()), List.of(),
                PoolConfig::source, "Local addresses to connect from, used in turn. Empty: the kernel chooses.");
        var maxQueue = keys.optional("max-queue", integer(0, 1_000_000), 1024, PoolConfig::maxQueue,
                "How many connections may wait for a server below its `max-connections`, or for any server at all "
                        + "(`hold`), counted separately for each `role`; likewise how many may wait for the one server "
                        + "that their sticky cookie names. 0: none.");
        var resolveInterval = keys.optional("resolve-interval", duration(), Duration.ofSeconds(10),
                PoolConfig::resolveInterval, "How often host names are resolved again.");
        var sticky = keys.maybe("sticky", HttpPoolSections.STICKY, pool -> pool.http().sticky(),
                "HTTP: keeps a client on its server by a cookie.");
        var connections = keys.subsection("connections", HttpPoolSections.CONNECTIONS,
                pool -> pool.http().connections(), "HTTP: connections kept for further requests.");
        var retry = keys.subsection("retry", HttpPoolSections.RETRY, pool -> pool.http().retry(),
                "HTTP: when a request is sent again, to another server.");
        var errorPages = keys.<Map<Integer, Path>>omitted("error-pages", HttpPoolSections.ERROR_PAGES, Map.of(),
                pool -> pool.http().errorPages(), "HTTP: files of at most 64 KiB to send instead of the built-in error "
                        + "pages, by status. Clients that ask for JSON get a file only if its name ends in `.json`.");
        keys.refused("name", "the key of the pool is its name");
        keys.neighbour("the listener", () -> ListenerSections.LISTENER);
        keys.refused(List.of("host", "port"), "write it into the address of each server");
        keys.check(List.of(hashBy, balance),
                values -> values.get(hashBy).isPresent() == (values.get(balance) == Balance.HASH),
                "balance: hash and hash-by go together");
        keys.check(List.of(tls, healthCheck), values -> !isOfOthers(values.get(healthCheck))
                || values.get(tls).flatMap(ClientTlsConfig::negotiation).orElse(Negotiation.DIRECT)
                        == Negotiation.DIRECT, "negotiation: postgres is for servers of PostgreSQL, and the "
                        + "health-check is of others");
        keys.check(List.of(servers), values -> values.get(servers).stream().anyMatch(server -> server.weight() > 0),
                "every server has weight 0: none can take a connection");
        return keys.build(values -> new PoolConfig(values.name(), values.get(balance), values.get(servers),
                values.get(healthCheck), values.get(initialState), values.get(passive).config(),
                values.get(timeouts).timeouts(), values.get(retries), values.get(slowStart), values.get(onDown),
                values.get(sendProxyProtocol), values.get(tls), values.get(source), values.get(maxQueue),
                values.get(resolveInterval), failover.read(values),
                new HttpPoolConfig(values.get(hashBy), values.get(sticky), values.get(connections), values.get(retry),
                        values.get(passive).errors(), values.get(timeouts).response(), values.get(errorPages))));
    }

    private static boolean isOfOthers(Optional<HealthCheckConfig> check) {
        return check.isPresent() && switch (check.get()) {
            case HealthCheckConfig.Tcp _, HealthCheckConfig.Postgres _ -> false;
            case HealthCheckConfig.Http http -> http.port().isEmpty();
            case HealthCheckConfig.MySql _, HealthCheckConfig.Redis _ -> true;
        };
    }

    private static Section<ServerConfig> server() {
        var keys = Section.<ServerConfig>named("server", "One server of a pool.");
        var name = keys.required("name", Words.name("server"), ServerConfig::name,
                "Unique in its pool; logs show it as `pool/server`.");
        var address = keys.required("address", Addresses.server(), ServerConfig::address,
                "An IP address or a host name, and the port: `10.0.0.11:5432`, `db1:5432`, `\"[2001:db8::1]:5432\"` "
                        + "(YAML needs the quotes).");
        var weight = keys.optional("weight", integer(0, ServerConfig.MAX_WEIGHT), 1, ServerConfig::weight,
                "Share of the load relative to the other servers. 0: gets nothing new.");
        var backup = keys.optional("backup", Numbers.bool(), false, ServerConfig::backup,
                "Gets connections only while no server without `backup` is up, and from clients that have tried all of "
                        + "those in vain.");
        var maxConnections = keys.bound("max-connections", ServerConfig::maxConnections,
                "Maximum number of connections at a time; for HTTP, of requests. When it is reached, new ones wait in "
                        + "the pool's queue.");
        var state = keys.optional("state", Words.oneOf(ServerConfig.AdminState.class), ServerConfig.AdminState.READY,
                ServerConfig::state, "`drain`: gets no new clients, but keeps its connections and the clients with its "
                        + "sticky cookie. `maintenance`: gets nothing new and is not checked.");
        keys.refused(List.of("check", "inter", "rise", "fall"),
                "the health-check of the pool is for all of its servers");
        keys.refused(List.of("max_fails", "fail_timeout"),
                "write connect-failures and eject-for into passive of the pool");
        keys.refused(List.of("ssl", "tls"), "servers that want TLS are a pool with tls");
        keys.refused(List.of("slowstart", "slow_start"), "write slow-start into the pool");
        keys.refused("send-proxy", "write send-proxy-protocol into the pool");
        keys.refused("cookie", "write sticky: { cookie: NAME } into the pool");
        keys.neighbour("the pool", () -> PoolSections.POOLS);
        return keys.build(values -> new ServerConfig(values.get(name), values.get(address), values.get(weight),
                values.get(backup), values.get(maxConnections), values.get(state)));
    }

    /** What the section passive says; the records keep apart what only HTTP has. */
    private record Passive(PassiveConfig config, int errors) {
        static Passive of(PoolConfig pool) {
            return new Passive(pool.passive(), pool.http().passiveErrors());
        }
    }

    private static Section<Passive> passive() {
        var keys = Section.<Passive>named("passive", "When failures of live traffic eject a server.");
        var connectFailures = keys.optional("connect-failures", integer(0, 1_000_000), 3,
                passive -> passive.config().connectFailures(),
                "Failed connection attempts in a row that eject a server. 0: never.");
        var errors = keys.optional("errors", integer(0, 1_000_000), HttpPoolConfig.DEFAULT.passiveErrors(),
                Passive::errors,
                "HTTP: 5xx responses, timeouts and broken responses in a row that eject a server. 0: never.");
        var ejectFor = keys.optional("eject-for", duration(), Duration.ofSeconds(10),
                passive -> passive.config().ejectFor(),
                "Length of the first ejection. Each further one in a row is longer by the same time, up to five "
                        + "minutes.");
        var maxEjected = keys.optional("max-ejected", Numbers.percent(), 50,
                passive -> passive.config().maxEjectedPercent(),
                "Largest share of a pool's servers to eject at a time, rounded down. The last one up is never "
                        + "ejected.");
        return keys.build(values -> new Passive(new PassiveConfig(values.get(connectFailures), values.get(ejectFor),
                values.get(maxEjected)), values.get(errors)));
    }

    private static Passive neverEject() {
        PassiveConfig usual = PASSIVE.defaults().config();
        return new Passive(new PassiveConfig(0, usual.ejectFor(), usual.maxEjectedPercent()), 0);
    }

    /** What the section timeouts says; the records keep apart what only HTTP has. */
    private record Waits(Timeouts timeouts, Duration response) {
        static Waits of(PoolConfig pool) {
            return new Waits(pool.timeouts(), pool.http().response());
        }
    }

    private static Section<Waits> timeouts() {
        var keys = Section.<Waits>named("pool-timeouts", "Timeouts on the server side.");
        var connect = keys.optional("connect", duration(), Duration.ofSeconds(5), waits -> waits.timeouts().connect(),
                "How long each connection attempt may take, the TLS handshake included.");
        var server = keys.optional("server", duration(), Duration.ofHours(1), waits -> waits.timeouts().server(),
                "How long the server side may be idle.");
        var queue = keys.optional("queue", duration(), Duration.ofSeconds(5), waits -> waits.timeouts().queue(),
                "How long to wait for a server below its `max-connections`.");
        var response = keys.optional("response", duration(), HttpPoolConfig.DEFAULT.response(), Waits::response,
                "HTTP: from the end of a request to the head of its response.");
        keys.refused(List.of("client", "keep-alive", "request-header", "tunnel", "half-closed"),
                "write it into timeouts of the listener");
        return keys.build(values -> new Waits(
                new Timeouts(values.get(connect), values.get(server), values.get(queue)), values.get(response)));
    }
}
