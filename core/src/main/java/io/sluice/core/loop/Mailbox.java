package io.sluice.core.loop;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * The only door into an event loop from other threads: work is queued here and done on the loop's thread, in order.
 *
 * <p>The queue itself has no bound because its content has one: a few messages for each connection, which listeners
 * limit, and for each change by the control plane. Posting is safe from any thread and never blocks.
 */
public final class Mailbox {

    private static final int CHUNK = 1024;

    private final MpscUnboundedVarHandleArrayQueue<Runnable> queue = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final Runnable wakeUp;

    /** @param wakeUp ends the sleep that the loop is in or about to begin */
    Mailbox(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Has the loop run this soon. Wakes the loop only if it sleeps, so posting to a busy one costs no system call. */
    public void post(Runnable work) {
        queue.offer(work);
        // When the queue begins a new chunk, it publishes work by an ordered store, which may become visible only after
        // the flag is read below. Then the loop could miss the work while this call misses that the loop sleeps, and
        // nobody would wake it.
        VarHandle.fullFence();
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            wakeUp.run();
        }
    }

    /**
     * Announces that the loop is about to sleep; false if it must not because there is work. Either way {@link #awake}
     * has to follow. Loop's thread only.
     */
    boolean trySleep() {
        sleeping.set(true);
        return queue.isEmpty();
    }

    /** The loop is awake. Loop's thread only. */
    void awake() {
        sleeping.setRelease(false);
    }

    /** The next piece of work or null. Loop's thread only. */
    Runnable poll() {
        return queue.poll();
    }
}
