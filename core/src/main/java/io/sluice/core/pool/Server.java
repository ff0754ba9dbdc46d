package io.sluice.core.pool;

import io.sluice.config.ServerConfig;
import io.sluice.core.stats.PaddedCounter;

/** One server of a pool at run time. Safe from any thread. */
public final class Server {

    private final ServerConfig config;
    private final PaddedCounter connections = new PaddedCounter();

    public Server(ServerConfig config) {
        this.config = config;
    }

    public String name() {
        return config.name();
    }

    /** Connections now, over all workers: established ones and attempts under way. */
    public int connections() {
        return connections.get();
    }

    /** Takes a connection slot; false if {@code max-connections} are taken. */
    public boolean tryAcquire() {
        return connections.tryIncrement(config.maxConnections());
    }

    /**
     * Takes a connection slot if exactly {@code expected} are taken, so that a choice made by comparing counts stays
     * true although other workers choose at the same time.
     */
    public boolean tryAcquire(int expected) {
        return expected < config.maxConnections() && connections.compareAndSet(expected, expected + 1);
    }

    /** Whether a slot was free a moment ago. */
    public boolean hasFreeSlot() {
        return connections.get() < config.maxConnections();
    }

    /** Gives a slot back. The pool's {@code release} is the caller: it also wakes who waits. */
    void release() {
        connections.decrementAndGet();
    }

    @Override
    public String toString() {
        return config.name();
    }
}
