package io.sluice.core.pool;

import io.sluice.config.ClientTlsConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.FailoverConfig;
import io.sluice.config.HealthCheckConfig;
import io.sluice.config.HttpPoolConfig;
import io.sluice.config.PassiveConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.config.PoolConfig.OnDown;
import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Configurations of pools for tests: no checks, no passive ejection, no retries, unless a test says otherwise. */
public final class PoolSettings {

    private final List<ServerConfig> servers = new ArrayList<>();
    private Balance balance = Balance.ROUND_ROBIN;
    private Optional<HealthCheckConfig> healthCheck = Optional.empty();
    private InitialState initialState = InitialState.CHECKED;
    private PassiveConfig passive = new PassiveConfig(0, Duration.ofSeconds(10), 50);
    private PoolConfig.Timeouts timeouts =
            new PoolConfig.Timeouts(Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofSeconds(5));
    private int retries;
    private Duration slowStart = Duration.ZERO;
    private ProxyProtocolVersion sendProxyProtocol = ProxyProtocolVersion.OFF;
    private Optional<ClientTlsConfig> tls = Optional.empty();
    private List<InetAddress> source = List.of();
    private int maxQueue = 100;
    private FailoverConfig failover = FailoverConfig.DEFAULT;
    private Duration resolveInterval = Duration.ofSeconds(10);

    public PoolSettings server(InetSocketAddress address, int maxConnections) {
        return server(new ServerConfig("s" + servers.size(),
                new Endpoint(address.getAddress().getHostAddress(), address.getPort()), 1, false, maxConnections,
                        AdminState.READY));
    }

    public PoolSettings server(InetSocketAddress address) {
        return server(address, Integer.MAX_VALUE);
    }

    public PoolSettings server(ServerConfig server) {
        servers.add(server);
        return this;
    }

    public PoolSettings balance(Balance value) {
        balance = value;
        return this;
    }

    public PoolSettings healthCheck(HealthCheckConfig.Schedule schedule) {
        return healthCheck(new HealthCheckConfig.Tcp(schedule, Optional.empty()));
    }

    public PoolSettings healthCheck(HealthCheckConfig value) {
        healthCheck = Optional.of(value);
        return this;
    }

    public PoolSettings initialState(InitialState value) {
        initialState = value;
        return this;
    }

    public PoolSettings passive(PassiveConfig value) {
        passive = value;
        return this;
    }

    public PoolSettings connectTimeout(Duration value) {
        timeouts = new PoolConfig.Timeouts(value, timeouts.server(), timeouts.queue());
        return this;
    }

    public PoolSettings serverTimeout(Duration value) {
        timeouts = new PoolConfig.Timeouts(timeouts.connect(), value, timeouts.queue());
        return this;
    }

    public PoolSettings queueTimeout(Duration value) {
        timeouts = new PoolConfig.Timeouts(timeouts.connect(), timeouts.server(), value);
        return this;
    }

    public PoolSettings retries(int value) {
        retries = value;
        return this;
    }

    public PoolSettings slowStart(Duration value) {
        slowStart = value;
        return this;
    }

    public PoolSettings sendProxyProtocol(ProxyProtocolVersion value) {
        sendProxyProtocol = value;
        return this;
    }

    /** Only what the configuration says; engines are another matter. */
    public PoolSettings tls(ClientTlsConfig.Negotiation negotiation) {
        tls = Optional.of(new ClientTlsConfig(true, Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                Optional.of(negotiation)));
        return this;
    }

    public PoolSettings source(String... addresses) {
        source = List.of(addresses).stream().map(InetAddress::ofLiteral).toList();
        return this;
    }

    public PoolSettings maxQueue(int value) {
        maxQueue = value;
        return this;
    }

    public PoolSettings resolveInterval(Duration value) {
        resolveInterval = value;
        return this;
    }

    public PoolSettings hold(Duration value) {
        failover = new FailoverConfig(value, failover.onRoleChange(), failover.onFailback(), failover.closeRate(),
                failover.splitBrain());
        return this;
    }

    public PoolSettings splitBrain(FailoverConfig.SplitBrain value) {
        failover = new FailoverConfig(failover.hold(), failover.onRoleChange(), failover.onFailback(),
                failover.closeRate(), value);
        return this;
    }

    public PoolConfig config() {
        return new PoolConfig("pool", balance, servers, healthCheck, initialState, passive, timeouts, retries,
                slowStart, OnDown.KEEP, sendProxyProtocol, tls, source, maxQueue, resolveInterval,
                failover, HttpPoolConfig.DEFAULT);
    }

    public Pool pool() {
        return new Pool(config());
    }

    /** Resolves all servers, whose addresses are literals; without health checks they are up then. */
    public static void resolve(Pool pool, ServerStates states) {
        for (Server server : pool.servers()) {
            Endpoint address = server.config().address();
            states.resolved(server, new InetSocketAddress(InetAddress.ofLiteral(address.host()), address.port()));
        }
    }
}
