package io.sluice.l4.database;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/**
 * The deadline of one check. When it passes, the check's connection is closed, which ends every call that waits on it:
 * drivers have no timeout that covers all that they do. Owned by one check; strikes on a thread of its own.
 */
final class Deadline implements AutoCloseable {

    private final long atNs;
    private final Thread striker;
    private Socket guarded;
    private boolean over;

    private Deadline(Duration timeout) {
        atNs = System.nanoTime() + timeout.toNanos();
        striker = Thread.ofVirtual().name("deadline").unstarted(() -> sleepAndStrike(timeout));
    }

    static Deadline in(Duration timeout) {
        Deadline deadline = new Deadline(timeout);
        deadline.striker.start();
        return deadline;
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, atNs - System.nanoTime()));
    }

    boolean hasPassed() {
        return atNs - System.nanoTime() <= 0;
    }

    /** Has this connection, in place of the one before, closed at the deadline, which may be now. */
    synchronized void guard(Socket socket) {
        guarded = socket;
        if (hasPassed()) {
            strike();
        }
    }

    /** The check has ended in time. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
        }
        striker.interrupt();
    }

    private void sleepAndStrike(Duration timeout) {
        try {
            Thread.sleep(timeout);
            strike();
        } catch (InterruptedException e) {
            // The check was faster.
        }
    }

    private synchronized void strike() {
        if (!over && guarded != null) {
            try {
                guarded.close();
            } catch (IOException e) {
                // It is closed all the same.
            }
        }
    }
}
