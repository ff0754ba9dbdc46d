package io.sluice.core.net;

import io.sluice.core.stats.PaddedCounter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Counts connections against a bound, over all workers, within an outer bound if there is one (a listener's within the
 * process's). An acceptor that finds it full stops accepting, so that the kernel queues clients, and leaves a callback
 * to resume. Safe from any thread.
 */
public final class ConnectionLimit {

    private final ConnectionLimit outer;
    private final PaddedCounter taken = new PaddedCounter();
    private volatile int most;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** @param outer the bound that this one lies within, or null */
    public ConnectionLimit(ConnectionLimit outer, int most) {
        this.outer = outer;
        this.most = most;
    }

    /** Replaces the bound. Connections counted already stay, even if they are more. */
    public void most(int changed) {
        most = changed;
        resumeWaiting();
    }

    /** Connections counted now. */
    public int taken() {
        return taken.get();
    }

    /** The most connections that were ever counted at once. */
    public int peak() {
        return taken.peak();
    }

    /** The bound. */
    public int most() {
        return most;
    }

    /** The bound that leaves no room, this one or an outer one. */
    public ConnectionLimit full() {
        return isFull() || outer == null ? this : outer.full();
    }

    /** Counts one more connection unless that would go beyond this bound or an outer one. */
    public boolean tryAcquire() {
        if (outer != null && !outer.tryAcquire()) {
            return false;
        }
        if (taken.tryIncrement(most)) {
            return true;
        }
        if (outer != null) {
            outer.release();
        }
        return false;
    }

    /** Counts one connection less and resumes whoever waits. */
    public void release() {
        taken.decrementAndGet();
        resumeWaiting();
        if (outer != null) {
            outer.release();
        }
    }

    /**
     * Runs {@code resume} on the thread that makes room, once there may be room. It may run more than once, and on the
     * caller's thread before this returns.
     */
    public void await(Runnable resume) {
        if (isFull()) {
            // Not at the outer bound as well: each vain tryAcquire takes and releases a place there, which would resume
            // the waiting acceptors again and again.
            waiting.add(resume);
            if (isFull()) {
                return;
            }
            // Room may have been made before the callback was added.
            resume.run();
        } else if (outer != null) {
            outer.await(resume);
        } else {
            resume.run();
        }
    }

    private void resumeWaiting() {
        for (Runnable resume = waiting.poll(); resume != null; resume = waiting.poll()) {
            resume.run();
        }
    }

    private boolean isFull() {
        return taken.get() >= most;
    }
}
