package io.sluice.core.pool;

import io.sluice.core.loop.Mailbox;
import io.sluice.core.stats.PaddedCounter;

/**
 * A pool's queue of clients that wait for a slot on a server of one role: first come, first served over all workers,
 * bounded. One event loop, the pool's home, keeps the list, and other threads reach it through its mailbox. So no lock
 * is needed, and a client that leaves is simply unlinked.
 *
 * <p>{@link #tryAdd}, {@link #remove}, {@link #wake} and {@link #length} are safe from any thread.
 */
final class WaitQueue {

    private final Target target;
    private final PaddedCounter length = new PaddedCounter();
    private volatile Mailbox home;
    /** Ends of the list; only the home's event loop accesses them and the waiters' links. */
    private Waiter first;
    private Waiter last;

    WaitQueue(Target target) {
        this.target = target;
    }

    /** Sets the event loop that keeps the list; called once, before the first client. */
    void home(Mailbox mailbox) {
        home = mailbox;
    }

    /** The number of waiting clients. */
    int length() {
        return length.get();
    }

    /** The most clients that have waited at a time. */
    int peakLength() {
        return length.peak();
    }

    /** Takes a place at the end; false if the queue is full. */
    boolean tryAdd(Waiter waiter) {
        if (!length.tryIncrement(target.pool().config().maxQueue())) {
            return false;
        }
        home.post(() -> {
            link(waiter);
            serve();
        });
        return true;
    }

    /** Leaves the queue; called on the waiter's event loop. A slot that is on its way goes back to the pool. */
    void remove(Waiter waiter) {
        waiter.leave();
        home.post(() -> {
            if (waiter.queued) {
                unlink(waiter);
            }
        });
    }

    /** A slot may have become free, or a server may have come or gone. Costs only a read if no one waits. */
    void wake() {
        if (length.get() > 0) {
            home.post(this::serve);
        }
    }

    /** Clients that have tried this server in vain may try it again. Costs only a read if no one waits. */
    void giveAnotherChance(Server server) {
        if (target.pool().holds() && length.get() > 0) {
            home.post(() -> {
                for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
                    waiter.tried = waiter.tried.without(server);
                }
                serve();
            });
        }
    }

    /** Grants free slots, from the front of the queue. */
    private void serve() {
        boolean holds = target.pool().holds();
        for (Waiter waiter = first; waiter != null; ) {
            Waiter following = waiter.next;
            Server server = target.pick(waiter.hash, waiter.tried);
            if (server != null) {
                unlink(waiter);
                waiter.grant(target.pool(), server);
            } else if (!holds && !target.hasUntried(waiter.tried)) {
                unlink(waiter);
                waiter.noServer();
            } else if (waiter.tried == TriedServers.NONE) {
                // This client may take any server and gets no slot, so those behind it get none either.
                return;
            }
            waiter = following;
        }
    }

    private void link(Waiter waiter) {
        waiter.queued = true;
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
    }

    private void unlink(Waiter waiter) {
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.queued = false;
        length.decrementAndGet();
    }
}
