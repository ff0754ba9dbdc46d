package io.sluice.core.pool;

import io.sluice.core.loop.Mailbox;
import io.sluice.core.stats.PaddedCounter;

/**
 * Clients that wait for a slot, on any server of one role or on the server that they are pinned to: first come, first
 * served over all workers, bounded by {@code max-queue}. One event loop, the pool's home, keeps the list, and other
 * threads reach it through its mailbox. So no lock is needed, and a client that leaves is simply unlinked.
 *
 * <p>{@link #tryAdd}, {@link #remove}, {@link #wake} and {@link #length} are safe from any thread.
 */
final class WaitQueue {

    private final PaddedCounter length = new PaddedCounter();
    /** Ends of the list; only the home's event loop accesses them and the waiters' links. */
    private Waiter first;
    private Waiter last;

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
        if (!length.tryIncrement(waiter.pool().config().maxQueue())) {
            return false;
        }
        waiter.pool().home().post(() -> {
            link(waiter);
            serve();
        });
        return true;
    }

    /** Leaves the queue; called on the waiter's event loop. A slot that is on its way goes back to the pool. */
    void remove(Waiter waiter) {
        waiter.leave();
        waiter.pool().home().post(() -> {
            if (waiter.queued) {
                unlink(waiter);
            }
        });
    }

    /** A slot may have become free, or a server may have come or gone. Costs only a read if no one waits. */
    void wake(Mailbox home) {
        if (length.get() > 0) {
            home.post(this::serve);
        }
    }

    /** Clients that have tried this server in vain may try it again. Costs only a read if no one waits. */
    void giveAnotherChance(Server server, Mailbox home) {
        if (length.get() > 0) {
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
        for (Waiter waiter = first; waiter != null; ) {
            Waiter following = waiter.next;
            Server server = waiter.pick();
            if (server != null) {
                unlink(waiter);
                waiter.grant(server);
            } else if (!waiter.mayWait()) {
                unlink(waiter);
                waiter.noServer();
            } else if (waiter.tried == TriedServers.NONE) {
                // It has excluded no server and gets no slot, so those behind it get none either.
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
        if (length.decrementAndGet() == 0 && waiter.isPinned()) {
            // Free slots of the server were kept from other clients while those of this queue came first.
            waiter.pool().wakeQueues();
        }
    }
}
