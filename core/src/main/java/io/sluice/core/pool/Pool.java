package io.sluice.core.pool;

import io.sluice.config.PoolConfig;
import io.sluice.core.loop.Mailbox;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A group of servers that can stand in for each other, as workers see it: choosing costs one volatile read of an
 * immutable {@link Selection}, which {@link ServerStates} replaces whenever a server's state or weight changes.
 *
 * <p>Safe from any thread; never blocks.
 */
public final class Pool {

    private final PoolConfig config;
    private final List<Server> servers;
    private final WaitQueue queue;
    private volatile Selection selection;

    public Pool(PoolConfig config) {
        this.config = config;
        servers = IntStream.range(0, config.servers().size())
                .mapToObj(index -> new Server(index, config.servers().get(index))).toList();
        queue = new WaitQueue(this, config.maxQueue());
        selection = Selection.of(config.balance(), List.of(), new int[0], null);
    }

    public String name() {
        return config.name();
    }

    public PoolConfig config() {
        return config;
    }

    /** All servers, in the order of the configuration. */
    public List<Server> servers() {
        return servers;
    }

    /** Chooses a server and takes a slot on it, or null: then {@link #hasUntried} tells whether waiting makes sense. */
    public Server pick(long clientHash, TriedServers tried) {
        return selection.pick(clientHash, tried);
    }

    /** Takes a slot on the server that a client is pinned to; false if that takes no more connections at present. */
    public boolean tryAcquire(Server pinned) {
        ServerState state = pinned.state();
        return (state == ServerState.UP || state == ServerState.DRAINING) && pinned.tryAcquire();
    }

    /** Whether there is a server that takes connections, has a slot free now or not, and is not among {@code tried}. */
    public boolean hasUntried(TriedServers tried) {
        return selection.hasUntried(tried);
    }

    /** Gives back the slot that {@link #pick} or a grant has taken. */
    public void release(Server server) {
        server.release();
        queue.wake();
    }

    /** Which event loop keeps the queue; set once, before the first client. */
    public void home(Mailbox mailbox) {
        queue.home(mailbox);
    }

    /** Clients that wait for a slot. If there are any, a new one has to stand behind them. */
    public int queueLength() {
        return queue.length();
    }

    /** Takes a place in the queue; false if it is full. */
    public boolean tryWait(Waiter waiter) {
        return queue.tryAdd(waiter);
    }

    /** Leaves the queue; called on the waiter's event loop. A slot that is on its way to it goes back. */
    public void leave(Waiter waiter) {
        queue.remove(waiter);
    }

    /** From now on these servers are chosen from. */
    void select(Selection replacement) {
        selection = replacement;
        queue.wake();
    }
}
