package io.sluice.core.pool;

import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.core.log.OnceAMinute;
import io.sluice.core.stats.PaddedCounter;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Traffic;
import java.net.InetSocketAddress;

/**
 * One server of a pool at run time: how many connections it has, and what {@link ServerStates} has decided about it.
 * Its name and configured address never change; the rest of its configuration may be replaced. Safe from any thread.
 */
public final class Server {

    private final int index;
    private final PaddedCounter connections = new PaddedCounter();
    private final WaitQueue queue = new WaitQueue();
    private final FailureRow connectFailures = new FailureRow();
    private final FailureRow exchangeFailures = new FailureRow();
    private final PerWorker<Traffic> traffic = new PerWorker<>(Traffic::new);
    private final OnceAMinute toldOfTls = new OnceAMinute();
    private volatile ServerConfig config;
    private volatile Directive directive = Directive.NONE;
    private volatile InetSocketAddress address;
    private volatile ServerState state = ServerState.DOWN;
    private volatile Role role = Role.UNKNOWN;
    private volatile KnownLag lag;
    private volatile CheckResult lastCheck;
    private volatile StateChange lastChange;

    /** @param index a small number, from 0, that no other server of the pool has */
    public Server(int index, ServerConfig config) {
        this.index = index;
        this.config = config;
    }

    /** A small number, from 0, that no other server of the pool has; reused after this one has left. */
    public int index() {
        return index;
    }

    public String name() {
        return config.name();
    }

    public ServerConfig config() {
        return config;
    }

    /** The operator's override at run time. */
    public Directive directive() {
        return directive;
    }

    /** The administrative state: the operator's override, or else as configured. */
    public AdminState adminState() {
        return directive.state().orElse(config.state());
    }

    /** Its share of the load at present, before slow start. */
    public int weight() {
        return directive.weight().orElse(config.weight());
    }

    /** Whether a configuration is of this server, not of another one that takes its place. */
    boolean isMeantBy(ServerConfig other) {
        return config.name().equals(other.name()) && config.address().equals(other.address());
    }

    public ServerState state() {
        return state;
    }

    /** Its last known role, whether it is up or not. */
    public Role role() {
        return role;
    }

    /** How far behind it was as a replica; null if nobody knows. Outlives what checks it. */
    public KnownLag lag() {
        return lag;
    }

    /** A check has found out how far behind it is; null if it has not. */
    public void lag(KnownLag known) {
        lag = known;
    }

    /** Its resolved address; null until its name has been resolved. */
    public InetSocketAddress address() {
        return address;
    }

    /** Connections now, over all workers: established ones and attempts under way. */
    public int connections() {
        return connections.get();
    }

    /** The most connections that it has had at a time. */
    public int peakConnections() {
        return connections.peak();
    }

    /** The workers' counters of the server. */
    public PerWorker<Traffic> traffic() {
        return traffic;
    }

    /** Whether to log that TLS with it has failed: at most once a minute, as others may succeed between failures. */
    public boolean mayTellOfTls(long nowNs) {
        return toldOfTls.isDue(nowNs);
    }

    /** The last health check, or null. */
    public CheckResult lastCheck() {
        return lastCheck;
    }

    /** A health check is over. */
    public void lastCheck(CheckResult result) {
        lastCheck = result;
    }

    /** The last change of its state, or null. */
    public StateChange lastChange() {
        return lastChange;
    }

    /** Takes a connection slot; false if {@code max-connections} are taken, or clients that are pinned to it wait. */
    public boolean tryAcquire() {
        return queue.length() == 0 && connections.tryIncrement(config.maxConnections());
    }

    /** The same for a client that is pinned to it and waits first. */
    boolean tryAcquireFromQueue() {
        return takesPinned() && connections.tryIncrement(config.maxConnections());
    }

    /**
     * Takes a connection slot if exactly {@code expected} are taken, so that a choice made by comparing counts stays
     * true although other workers choose at the same time.
     */
    boolean tryAcquire(int expected) {
        return queue.length() == 0 && expected < config.maxConnections()
                && connections.compareAndSet(expected, expected + 1);
    }

    /** Takes a connection slot even if {@code max-connections} are taken. */
    void acquire() {
        connections.incrementAndGet();
    }

    /** Whether a slot was free a moment ago. */
    boolean hasFreeSlot() {
        return queue.length() == 0 && connections.get() < config.maxConnections();
    }

    /** Gives a slot back. Called by {@link Pool#release}, which also wakes waiting clients. */
    void release() {
        connections.decrementAndGet();
    }

    /** Whether it takes clients that are pinned to it, at once or after a wait. */
    public boolean takesPinned() {
        ServerState now = state;
        return now == ServerState.UP || now == ServerState.DRAINING;
    }

    /** The clients that are pinned to it and wait for a slot. */
    WaitQueue queue() {
        return queue;
    }

    /** Connection attempts by live traffic that have failed. */
    FailureRow connectFailures() {
        return connectFailures;
    }

    /** Exchanges that have failed by the server's fault. */
    FailureRow exchangeFailures() {
        return exchangeFailures;
    }

    void config(ServerConfig changed) {
        config = changed;
    }

    void directive(Directive changed) {
        directive = changed;
    }

    void address(InetSocketAddress resolved) {
        address = resolved;
    }

    void state(ServerState changed) {
        if (state == ServerState.MAINTENANCE) {
            // It was not checked meanwhile.
            lag = null;
        }
        state = changed;
    }

    void lastChange(StateChange change) {
        lastChange = change;
    }

    void role(Role changed) {
        if (changed == Role.UNKNOWN) {
            // Its checks do not tell any more.
            lag = null;
        }
        role = changed;
    }

    @Override
    public String toString() {
        return config.name();
    }
}
