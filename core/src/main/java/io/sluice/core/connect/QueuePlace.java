package io.sluice.core.connect;

import io.sluice.config.PoolConfig;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.Target;
import io.sluice.core.pool.TriedServers;
import io.sluice.core.pool.Waiter;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PoolCount;
import io.sluice.core.stats.Tally;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;

/**
 * One client's place in a pool's queue, with its time limit: {@code timeouts.queue} for a slot while there are servers,
 * {@code hold} for a server to appear while there is none. Counts waiting clients and those that wait in vain.
 * Reusable. Owned by one event loop.
 */
final class QueuePlace implements TimerHandler, Waiter.Handler {

    /** Told how waiting ends, unless the client leaves. */
    interface Owner extends Waiter.Handler {

        void onQueueTimeout();
    }

    private final EventLoop loop;
    private final Owner owner;
    private final Timer timer = new Timer(this);
    private Target target;
    private Server pin;
    private TriedServers tried;
    private Waiter waiter;
    /** This worker's counters of the pool. */
    private Tally<PoolCount> counts;
    private long sinceNs;
    private long waitedNs;
    private boolean held;
    private boolean entered;

    QueuePlace(EventLoop loop, Owner owner) {
        this.loop = loop;
        this.owner = owner;
    }

    /** Forgets the time that was spent here. */
    void reset() {
        waitedNs = 0;
        held = false;
        entered = false;
    }

    /**
     * Begins to wait; false if the queue is full.
     *
     * @param only the server that the client is pinned to; null if any will do
     * @param not  the servers that were tried in vain
     */
    boolean tryEnter(Target wanted, Server only, long hash, TriedServers not) {
        target = wanted;
        pin = only;
        tried = not;
        waiter = new Waiter(target, pin, hash, tried, loop.mailbox(), this);
        counts = target.pool().counts().of(loop.index());
        if (!target.pool().tryWait(waiter)) {
            return false;
        }
        counts.count(PoolCount.QUEUED);
        entered = true;
        held |= awaitsAnyServer();
        sinceNs = loop.nowNs();
        loop.timers().schedule(timer, deadlineNs());
        return true;
    }

    /** Ends waiting, silently. */
    void leave() {
        stop();
        target.pool().leave(waiter);
    }

    /** Time spent here since {@link #reset}. */
    long waitedNs() {
        return waitedNs;
    }

    /** Records the waiting time since {@link #reset} in the counters of the server that was found. */
    void tell(Traffic traffic) {
        traffic.record(Latency.QUEUE, waitedNs);
        if (entered) {
            traffic.count(TrafficCount.QUEUED);
        }
    }

    /** Whether the client has waited while there was no server at all. */
    boolean wasHeld() {
        return held;
    }

    @Override
    public void onTimer(long nowNs) {
        long deadlineNs = deadlineNs();
        if (deadlineNs - nowNs > 0) {
            // Servers have gone or come since the timer was set.
            loop.timers().schedule(timer, deadlineNs);
        } else {
            counts.count(PoolCount.QUEUE_TIMEOUTS);
            leave();
            owner.onQueueTimeout();
        }
    }

    @Override
    public void onServerGranted(Server server) {
        stop();
        owner.onServerGranted(server);
    }

    @Override
    public void onNoServer() {
        stop();
        owner.onNoServer();
    }

    private void stop() {
        loop.timers().cancel(timer);
        waitedNs += loop.nowNs() - sinceNs;
    }

    private long deadlineNs() {
        PoolConfig config = target.pool().config();
        return sinceNs + (awaitsAnyServer() ? config.failover().hold() : config.timeouts().queue()).toNanos();
    }

    /** Whether there is no server to wait for a slot on. Who is pinned to one is told when it goes. */
    private boolean awaitsAnyServer() {
        return pin == null && !target.hasUntried(tried);
    }
}
