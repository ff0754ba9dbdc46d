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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A listener at run time, shared by all workers: the count of its connections, and whom it lets in. It outlives its
 * configuration: when that is replaced, the count goes on. Safe from any thread.
 */
public final class Listener {

    private static final long TELL_OF_LIMIT_EVERY_NS = TimeUnit.MINUTES.toNanos(1);

    private final String name;
    private final ConnectionLimit limit;
    private final PerWorker<Traffic> traffic = new PerWorker<>(Traffic::new);
    private final Map<String, PerWorker<Traffic>> routes = new ConcurrentHashMap<>();
    private final AtomicLong toldOfLimitNs = new AtomicLong(System.nanoTime() - TELL_OF_LIMIT_EVERY_NS);
    private volatile Rules rules;
    private boolean stopped;

    /**
     * @param processLimit the bound on all listeners' connections together
     * @param tls          what clients speak TLS with; null if they do not
     */
    public Listener(ListenerConfig config, ConnectionLimit processLimit, TlsEngines tls) {
        name = config.name();
        limit = new ConnectionLimit(processLimit, config.maxConnections());
        rules = new Rules(config, tls);
    }

    /** Puts another configuration of the same listener in force. @param tls as in the constructor */
    public synchronized void become(ListenerConfig next, TlsEngines tls) {
        rules = new Rules(next, tls);
        limit.most(stopped ? 0 : next.maxConnections());
        routes.keySet().retainAll(next.routeNames());
    }

    /** Stops accepting, so that the kernel queues; or goes on. Connections that there are stay. */
    public synchronized void stop(boolean wanted) {
        if (stopped != wanted) {
            stopped = wanted;
            limit.most(stopped ? 0 : config().maxConnections());
        }
    }

    /** Whether it has been made to stop accepting. */
    public synchronized boolean isStopped() {
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

    /** Whether it is time to say that it takes no more connections: not if that is what was asked for. */
    boolean mayTellOfLimit(long nowNs) {
        long toldNs = toldOfLimitNs.get();
        return nowNs - toldNs >= TELL_OF_LIMIT_EVERY_NS && !isStopped() && toldOfLimitNs.compareAndSet(toldNs, nowNs);
    }

    /** What workers count of its clients. */
    public PerWorker<Traffic> traffic() {
        return traffic;
    }

    /** What workers count of one of its routes, by the route's name. */
    public PerWorker<Traffic> traffic(String route) {
        return routes.computeIfAbsent(route, _ -> new PerWorker<>(Traffic::new));
    }

    /** The same of all of them, in the order of the configuration. */
    public Map<String, PerWorker<Traffic>> routes() {
        Map<String, PerWorker<Traffic>> ordered = new LinkedHashMap<>();
        config().routeNames().forEach(name -> ordered.put(name, traffic(name)));
        return ordered;
    }

    /** What clients speak TLS with; null if they do not. */
    public TlsEngines tls() {
        return rules.tls;
    }

    /** The same, if TLS begins with a client's first byte, without a look at what it wants before; else null. */
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
