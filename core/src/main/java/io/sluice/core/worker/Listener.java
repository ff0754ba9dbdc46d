package io.sluice.core.worker;

import io.sluice.config.ListenerConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpListenerConfig.Inspect;
import io.sluice.core.net.AddressFilter;
import io.sluice.core.net.CidrSet;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Traffic;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private final OnceAMinute toldOfLimit = new OnceAMinute();
    private final OnceAMinute toldOfClient = new OnceAMinute();
    private final OnceAMinute toldOfFailure = new OnceAMinute();
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
        rules = new Rules(config, tls);
    }

    /** Puts another configuration of the same listener in force. @param tls as in the constructor */
    public synchronized void become(ListenerConfig next, TlsEngines tls) {
        rules = new Rules(next, tls);
        limit.most(stopped ? 0 : next.maxConnections());
        clientLimit.most(next.maxConnectionsPerClient());
        routes.keySet().retainAll(next.routeNames());
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

    /** Makes the engines for clients' TLS; null if they do not speak TLS. */
    public TlsEngines tls() {
        return rules.tls;
    }

    /** The same; null also if the first bytes are inspected before TLS begins. */
    public TlsEngines tlsFromTheStart() {
        Rules now = rules;
        return now.config instanceof TcpListenerConfig tcp && tcp.inspect() != Inspect.OFF ? null : now.tls;
    }

    /** Whether clients of this address are let in. */
    public boolean admits(InetAddress client) {
        return rules.access.allows(client);
    }

    /** Whether a PROXY protocol header from this address is believed. */
    public boolean trusts(InetAddress peer) {
        return rules.trusted.contains(peer);
    }

    private record Rules(ListenerConfig config, AddressFilter access, CidrSet trusted, TlsEngines tls) {
        Rules(ListenerConfig config, TlsEngines tls) {
            this(config, new AddressFilter(config.access()), new CidrSet(config.proxyProtocol().trusted()), tls);
        }
    }
}
