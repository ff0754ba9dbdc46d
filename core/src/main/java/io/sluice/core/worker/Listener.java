package io.sluice.core.worker;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.RateLimitConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpListenerConfig.Inspect;
import io.sluice.core.address.AddressFilter;
import io.sluice.core.address.CidrSet;
import io.sluice.core.limit.RateLimit;
import io.sluice.core.log.OnceAMinute;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.net.TlsFailure;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Traffic;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A listener at run time, shared by all workers: counts its connections and knows which clients it lets in. It outlives
 * its configuration: a reload replaces its rules and keeps its counts. Safe from any thread.
 */
public final class Listener {

    private final String name;
    private final ConnectionLimit limit;
    private final ClientLimit clientLimit = new ClientLimit();
    private final PerWorker<Traffic> traffic = new PerWorker<>(Traffic::new);
    private final Map<String, PerWorker<Traffic>> routes = new ConcurrentHashMap<>();
    private final Map<Limited, RateLimit> rateLimits = new ConcurrentHashMap<>();
    private final OnceAMinute toldOfLimit = new OnceAMinute();
    private final OnceAMinute toldOfClient = new OnceAMinute();
    private final OnceAMinute toldOfFailure = new OnceAMinute();
    private final Map<TlsFailure, OnceAMinute> toldOfTls = new EnumMap<>(TlsFailure.class);
    private volatile Rules rules;
    private volatile boolean stopped;

    /**
     * @param processLimit the bound on all listeners' connections together
     * @param tls          makes the engines for clients' TLS; null if they do not speak TLS
     */
    public Listener(ListenerConfig config, ConnectionLimit processLimit, TlsEngines tls) {
        name = config.name();
        limit = new ConnectionLimit(processLimit, config.maxConnections());
        clientLimit.most(config.maxConnectionsPerClient());
        rules = rules(config, tls);
        for (TlsFailure failure : TlsFailure.values()) {
            toldOfTls.put(failure, new OnceAMinute());
        }
    }

    /** Puts another configuration of the same listener in force. @param tls as in the constructor */
    public synchronized void become(ListenerConfig next, TlsEngines tls) {
        rules = rules(next, tls);
        limit.most(stopped ? 0 : next.maxConnections());
        clientLimit.most(next.maxConnectionsPerClient());
        routes.keySet().retainAll(next.routeNames());
        dropOtherRateLimits();
    }

    /** Drops the rate limits that the configuration in force does not have. */
    public void dropOtherRateLimits() {
        rateLimits.keySet().retainAll(limited(config()));
    }

    /** Stops accepting, so that the kernel queues clients, or resumes. Established connections stay. */
    public synchronized void stop(boolean wanted) {
        if (stopped != wanted) {
            stopped = wanted;
            limit.most(stopped ? 0 : config().maxConnections());
        }
    }

    /** Whether {@link #stop} has stopped it. */
    public boolean isStopped() {
        return stopped;
    }

    public String name() {
        return name;
    }

    /** The configuration in force at this moment. */
    public ListenerConfig config() {
        return rules.config;
    }

    public ConnectionLimit limit() {
        return limit;
    }

    ClientLimit clientLimit() {
        return clientLimit;
    }

    /** Whether to log that its limit is reached: at most once a minute, and not while it is stopped on request. */
    boolean mayTellOfLimit(long nowNs) {
        return !stopped && toldOfLimit.isDue(nowNs);
    }

    /** Whether to log that a client has as many connections as it may have: at most once a minute. */
    boolean mayTellOfClient(long nowNs) {
        return toldOfClient.isDue(nowNs);
    }

    /** Whether to log that accepting has failed: at most once a minute over all workers, which fail for one reason. */
    boolean mayTellOfFailure(long nowNs) {
        return toldOfFailure.isDue(nowNs);
    }

    /** Whether to log that a TLS handshake has failed for this reason: at most once a minute for each. */
    boolean mayTellOfTls(TlsFailure failure, long nowNs) {
        return toldOfTls.get(failure).isDue(nowNs);
    }

    /** The workers' counters of its clients. */
    public PerWorker<Traffic> traffic() {
        return traffic;
    }

    /** The workers' counters of one of its routes, by the route's name. */
    public PerWorker<Traffic> traffic(String route) {
        return routes.computeIfAbsent(route, _ -> new PerWorker<>(Traffic::new));
    }

    /** The counters of all its routes by name, in the order of the configuration. */
    public Map<String, PerWorker<Traffic>> routes() {
        Map<String, PerWorker<Traffic>> ordered = new LinkedHashMap<>();
        config().routeNames().forEach(name -> ordered.put(name, traffic(name)));
        return ordered;
    }

    /** How often each client may connect; null if that is not limited. */
    RateLimit rateLimit() {
        return rules.rateLimit;
    }

    /** How often requests of a route may come. It keeps what it has counted as long as the route has this limit. */
    public RateLimit rateLimit(String route, RateLimitConfig config) {
        return rateLimits.computeIfAbsent(new Limited(route, config), _ -> new RateLimit(config));
    }

    private static Set<Limited> limited(ListenerConfig config) {
        Set<Limited> limited = new HashSet<>();
        config.rateLimit().ifPresent(limit -> limited.add(new Limited(Limited.CONNECTIONS, limit)));
        if (config instanceof HttpListenerConfig http) {
            http.routes().forEach(route ->
                    route.rateLimit().ifPresent(limit -> limited.add(new Limited(route.name(), limit))));
        }
        return limited;
    }

    /** Makes the engines for clients' TLS; null if they do not speak TLS. */
    public TlsEngines tls() {
        return rules.tls;
    }

    /** The same; null also if the first bytes are inspected before TLS begins. */
    TlsEngines tlsFromTheStart() {
        Rules now = rules;
        return now.config instanceof TcpListenerConfig tcp && tcp.inspect() != Inspect.OFF ? null : now.tls;
    }

    /** Whether clients of this address are let in. */
    boolean admits(InetAddress client) {
        return rules.access.allows(client);
    }

    /** Whether a PROXY protocol header from this address is believed. */
    boolean trusts(InetAddress peer) {
        return rules.trusted.contains(peer);
    }

    private Rules rules(ListenerConfig config, TlsEngines tls) {
        return new Rules(config, new AddressFilter(config.access()), new CidrSet(config.proxyProtocol().trusted()), tls,
                config.rateLimit().map(limit -> rateLimit(Limited.CONNECTIONS, limit)).orElse(null));
    }

    private record Rules(ListenerConfig config, AddressFilter access, CidrSet trusted, TlsEngines tls,
                         RateLimit rateLimit) { }

    /** What is limited: the requests of a route, or the listener's connections. */
    private record Limited(String route, RateLimitConfig config) {
        /** No route has this name. */
        static final String CONNECTIONS = "";
    }
}
