package io.sluice.core.pool;

import io.sluice.config.PoolConfig;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.loop.Mailbox;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A group of servers that can stand in for each other, as workers see it: choosing costs one volatile read of an
 * immutable {@link Selections}, which {@link ServerStates} replaces whenever a server's state, role or weight changes.
 *
 * <p>Safe from any thread; never blocks.
 */
public final class Pool {

    private final PoolConfig config;
    private final List<Server> servers;
    /** One for each {@link Wanted}, so that those who wait for a primary are not in the way of others. */
    private final WaitQueue[] queues;
    private volatile Selections selections;

    public Pool(PoolConfig config) {
        this.config = config;
        servers = IntStream.range(0, config.servers().size())
                .mapToObj(index -> new Server(index, config.servers().get(index))).toList();
        queues = Stream.of(Wanted.values())
                .map(wanted -> new WaitQueue(new Target(this, wanted), config.maxQueue(), holds()))
                .toArray(WaitQueue[]::new);
        selections = Selections.of(config.balance(), List.of(), none -> new int[0]);
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

    /** Whether clients wait although no server can take them, as one may appear. */
    public boolean holds() {
        return config.failover().hold().isPositive();
    }

    /** As {@link Target#pick}. */
    Server pick(Wanted wanted, long clientHash, TriedServers tried) {
        return selections.of(wanted).pick(clientHash, tried);
    }

    /** Takes a slot on the server that a client is pinned to; false if that takes no more connections at present. */
    public boolean tryAcquire(Server pinned) {
        ServerState state = pinned.state();
        return (state == ServerState.UP || state == ServerState.DRAINING) && pinned.tryAcquire();
    }

    /** Takes a slot on a server that no other can stand in for, whatever its state and its bound. */
    public void acquire(Server only) {
        only.acquire();
    }

    /** As {@link Target#hasUntried}. */
    boolean hasUntried(Wanted wanted, TriedServers tried) {
        return selections.of(wanted).hasUntried(tried);
    }

    /** Gives back the slot that {@link #pick} or a grant has taken. */
    public void release(Server server) {
        server.release();
        wakeQueues();
    }

    /** Which event loop keeps the queues; set once, before the first client. */
    public void home(Mailbox mailbox) {
        for (WaitQueue queue : queues) {
            queue.home(mailbox);
        }
    }

    /** Clients that wait for a server. */
    public int queueLength() {
        int length = 0;
        for (WaitQueue queue : queues) {
            length += queue.length();
        }
        return length;
    }

    /** As {@link Target#queueLength}. */
    int queueLength(Wanted wanted) {
        return queues[wanted.ordinal()].length();
    }

    /** Takes a place in the queue; false if it is full. */
    public boolean tryWait(Waiter waiter) {
        return queueOf(waiter).tryAdd(waiter);
    }

    /** Leaves the queue; called on the waiter's event loop. A slot that is on its way to it goes back. */
    public void leave(Waiter waiter) {
        queueOf(waiter).remove(waiter);
    }

    /** From now on these servers are chosen from. */
    void select(Selections replacement) {
        selections = replacement;
        wakeQueues();
    }

    /** The server has been found to work: those who wait because they have tried it in vain may try it again. */
    void giveAnotherChance(Server server) {
        for (WaitQueue queue : queues) {
            queue.giveAnotherChance(server);
        }
    }

    private WaitQueue queueOf(Waiter waiter) {
        return queues[waiter.wanted.ordinal()];
    }

    private void wakeQueues() {
        for (WaitQueue queue : queues) {
            queue.wake();
        }
    }
}
