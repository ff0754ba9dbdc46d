package io.sluice.core.net;

import io.sluice.core.loop.EventLoop;
import java.util.ArrayDeque;

/**
 * Lets so many handshakes of one worker go a step in each cycle of its loop, and no more: a step may sign or verify,
 * for which others' bytes would have to wait. Who gets no turn waits in line for the next cycles.
 *
 * <p>Owned by one event loop.
 */
final class TlsTurns {

    /** Of some 0.4 ms each for a server's part with a key of EC. */
    private static final int MOST_STEPS = 4;

    private final EventLoop loop;
    private final ArrayDeque<TlsHandshake> waiting = new ArrayDeque<>();
    private final Runnable handOut = this::handOut;
    private long cycleNs;
    private int steps;

    TlsTurns(EventLoop loop) {
        this.loop = loop;
    }

    /** Whether this one may go on now; if not, its turn comes. */
    boolean take(TlsHandshake handshake) {
        if (cycleNs != loop.nowNs()) {
            cycleNs = loop.nowNs();
            steps = 0;
        }
        if (steps < MOST_STEPS && waiting.isEmpty()) {
            steps++;
            return true;
        }
        if (waiting.isEmpty()) {
            loop.defer(handOut);
        }
        waiting.add(handshake);
        return false;
    }

    /** At the end of a cycle: some turns, and the rest at the end of the next one. */
    private void handOut() {
        for (int i = 0; i < MOST_STEPS && !waiting.isEmpty(); i++) {
            waiting.poll().onTurn();
        }
        if (!waiting.isEmpty()) {
            loop.defer(handOut);
        }
    }
}
