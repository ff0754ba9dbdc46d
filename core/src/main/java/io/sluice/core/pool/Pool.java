package io.sluice.core.pool;

import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.log.OnceAMinute;
import io.sluice.core.loop.Mailbox;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.PoolCount;
import io.sluice.core.stats.Tally;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A group of servers that can stand in for each other, as workers see it: choosing costs one volatile read of an
 * immutable {@link Selections}, which {@link ServerStates} replaces whenever a server's state, role or weight changes.
 *
 * <p>A pool outlives its configuration: a reload keeps the pool and the servers that stay, with their connections,
 * queues and states.
 *
 * <p>Safe from any thread; never blocks.
 */
public final class Pool {

    private final String name;
    private final PerWorker<Tally<PoolCount>> counts = new PerWorker<>(() -> new Tally<>(PoolCount.class));
    /** One for each {@link Wanted}, so that clients that wait for a primary do not block others. */
    private final WaitQueue[] queues;
    private final OnceAMinute toldOfOwnFailure = new OnceAMinute();
    private volatile Mailbox home;
    private volatile PoolConfig config;
    private volatile List<Server> servers;
    /** When a primary was last known to work, as {@link System#nanoTime}; empty if the pool has had none. */
    private volatile OptionalLong primarySeenNs = OptionalLong.empty();
    private volatile Selections selections;

    public Pool(PoolConfig config) {
        name = config.name();
        this.config = config;
        servers = IntStream.range(0, config.servers().size())
                .mapToObj(index -> new Server(index, config.servers().get(index))).toList();
        queues = Stream.of(Wanted.values())
                .map(_ -> new WaitQueue())
                .toArray(WaitQueue[]::new);
        selections = Selections.of(config.balance(), List.of(), none -> new int[0]);
    }

    public String name() {
        return name;
    }

    /** The configuration in force at this moment. */
    public PoolConfig config() {
        return config;
    }

    /** All servers, in the order of the configuration. */
    public List<Server> servers() {
        return servers;
    }

    /** How many of them take new connections. */
    public int serversUp() {
        return (int) servers.stream().filter(server -> server.state() == ServerState.UP).count();
    }

    /**
     * The servers of another configuration of this pool, in its order: present servers of the same name and address,
     * and new ones for the rest. Changes nothing.
     */
    List<Server> serversFor(PoolConfig next) {
        Map<String, Server> present = new HashMap<>();
        servers.forEach(server -> present.put(server.name(), server));
        BitSet indices = new BitSet();
        for (ServerConfig wanted : next.servers()) {
            present.computeIfPresent(wanted.name(), (_, server) -> server.isMeantBy(wanted) ? server : null);
            if (present.containsKey(wanted.name())) {
                indices.set(present.get(wanted.name()).index());
            }
        }
        List<Server> members = new ArrayList<>();
        for (ServerConfig wanted : next.servers()) {
            Server member = present.get(wanted.name());
            if (member == null) {
                member = new Server(indices.nextClearBit(0), wanted);
                indices.set(member.index());
            }
            members.add(member);
        }
        return List.copyOf(members);
    }

    /** Whether clients wait even if there is no server at all, as one may appear. */
    public boolean holds() {
        return config.failover().hold().isPositive();
    }

    /** Whether there is a primary that takes new connections. */
    public boolean hasPrimary() {
        for (Server server : servers) {
            if (server.role() == Role.PRIMARY && server.state() == ServerState.UP) {
                return true;
            }
        }
        return false;
    }

    /**
     * Until when something may have been written: until now while a primary works, even if only for the connections
     * that it has, otherwise until one was last known to. Until now, too, if the pool has had none: it is elsewhere.
     */
    public long writtenUntilNs(long nowNs) {
        OptionalLong seenNs = primarySeenNs;
        return seenNs.isEmpty() || servers.stream().anyMatch(Pool::isWorkingPrimary) ? nowNs : seenNs.getAsLong();
    }

    /** A health check has found the primary. */
    void primarySeen(long nowNs) {
        primarySeenNs = OptionalLong.of(nowNs);
    }

    private static boolean isWorkingPrimary(Server server) {
        return server.role() == Role.PRIMARY && switch (server.state()) {
            case UP, EJECTED, DRAINING -> true;
            case DOWN, MAINTENANCE -> false;
        };
    }

    /** As {@link Target#pick}. */
    Server pick(Wanted wanted, long hash, TriedServers tried) {
        return selections.of(wanted).pick(hash, tried);
    }

    /** Takes a slot on the server that a client is pinned to; false if that takes no more connections at present. */
    public boolean tryAcquire(Server pinned) {
        return pinned.takesPinned() && pinned.tryAcquire();
    }

    /** Takes a slot on this very server, whatever its state and its bound. */
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
        server.queue().wake(home);
        wakeQueues();
    }

    /** Sets the event loop that keeps the queues; called once, before the first client. */
    public void home(Mailbox mailbox) {
        home = mailbox;
    }

    Mailbox home() {
        return home;
    }

    /**
     * Whether to log that this host cannot open a connection: at most once a minute, as others may succeed between
     * failures.
     */
    public boolean mayTellOfOwnFailure(long nowNs) {
        return toldOfOwnFailure.isDue(nowNs);
    }

    /** The number of clients that wait for a server. */
    public int queueLength() {
        return allQueues().mapToInt(WaitQueue::length).sum();
    }

    /** The most clients that have waited at a time for servers of one role, or for the one that they are pinned to. */
    public int peakQueueLength() {
        return allQueues().mapToInt(WaitQueue::peakLength).max().orElse(0);
    }

    private Stream<WaitQueue> allQueues() {
        return Stream.concat(Stream.of(queues), servers.stream().map(Server::queue));
    }

    /** The workers' counters of the pool. */
    public PerWorker<Tally<PoolCount>> counts() {
        return counts;
    }

    /** As {@link Target#queueLength}. */
    int queueLength(Wanted wanted) {
        return queueOf(wanted).length();
    }

    /** Takes a place in the queue; false if it is full. */
    public boolean tryWait(Waiter waiter) {
        return waiter.queue().tryAdd(waiter);
    }

    /**
     * Leaves the queue; called on the waiter's event loop. A slot that is on its way to the waiter goes back to the
     * pool.
     */
    public void leave(Waiter waiter) {
        waiter.queue().remove(waiter);
    }

    /** Puts another configuration in force. @param members its servers, in its order */
    void become(PoolConfig next, List<Server> members) {
        config = next;
        servers = members;
    }

    /** Forgets its primary if it will not see it any more, though it may work. @param members the next servers */
    void forgetPrimaryElsewhere(PoolConfig next, List<Server> members) {
        if (!next.tellsRoles() || Collections.disjoint(servers, members) || leavesAlive(members)) {
            primarySeenNs = OptionalLong.empty();
        }
    }

    private boolean leavesAlive(List<Server> members) {
        return servers.stream().anyMatch(server -> server.role() == Role.PRIMARY
                && server.state() != ServerState.DOWN && !members.contains(server));
    }

    /** Replaces the servers to choose from. */
    void select(Selections replacement) {
        selections = replacement;
        for (Server server : servers) {
            server.queue().wake(home);
        }
        wakeQueues();
    }

    /** The server has been found to work: clients that are held and have tried it in vain may try it again. */
    void giveAnotherChance(Server server) {
        if (holds()) {
            for (WaitQueue queue : queues) {
                queue.giveAnotherChance(server, home);
            }
        }
    }

    /** The queue of clients that are not pinned to a server. */
    WaitQueue queueOf(Wanted wanted) {
        return queues[wanted.ordinal()];
    }

    /** Has clients that are not pinned to a server look again for a free slot. */
    void wakeQueues() {
        for (WaitQueue queue : queues) {
            queue.wake(home);
        }
    }
}
