package io.sluice.core.log;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that writes the records of one target, so that no worker ever waits for a disk or a terminal, and no
 * target for another one. While records keep coming it polls for them every few milliseconds, so that publishing costs
 * workers no system call; once they stop it sleeps until the next one. Safe from any thread.
 */
final class LogLoop {

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Until a target that has failed is tried again, if no record comes before. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    /** Empty polls in a row before the thread sleeps until it is woken. */
    private static final int PATIENCE = 20;

    private final LogTarget<?> target;
    private final LogWriter writer;
    private final Thread thread = Thread.ofPlatform().name("log-writer").daemon().unstarted(this::run);
    private volatile boolean sleeping;
    private volatile boolean reopenAsked;
    private volatile boolean closed;

    LogLoop(LogTarget<?> target, LogWriter writer) {
        this.target = target;
        this.writer = writer;
    }

    void start() {
        thread.start();
    }

    /** A record was published. */
    void wake() {
        // A ring publishes by an ordered store, which may become visible only after the flag is read below. Then the
        // thread could miss the record while this call misses that the thread sleeps, and the record would wait for the
        // next one.
        VarHandle.fullFence();
        if (sleeping) {
            sleeping = false;
            LockSupport.unpark(thread);
        }
    }

    void askToReopen() {
        reopenAsked = true;
        LockSupport.unpark(thread);
    }

    /** What was published before this call is still written. */
    void askToClose() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /** Whether the target has been closed within that time, or was never written to. */
    boolean awaitClose(Duration timeout) throws InterruptedException {
        return !thread.isAlive() || thread.join(timeout);
    }

    private void run() {
        int emptyLooks = 0;
        while (!closed && !(target.isUnused() && writer.forgets(target))) {
            if (reopenAsked) {
                reopenAsked = false;
                target.reopen();
            }
            emptyLooks = target.drain() ? 0 : emptyLooks + 1;
            if (emptyLooks <= PATIENCE) {
                LockSupport.parkNanos(PAUSE_NS);
            } else {
                sleep();
            }
        }
        target.end();
    }

    private void sleep() {
        sleeping = true;
        // A record published before the flag became visible has woken no one.
        if (!target.drain() && !closed && !reopenAsked) {
            if (target.isFailing()) {
                LockSupport.parkNanos(this, RETRY_NS);
            } else {
                LockSupport.park(this);
            }
        }
        sleeping = false;
    }
}
