package io.sluice.core.net;

import io.sluice.core.loop.EventLoop;
import java.util.ArrayDeque;

/**
 * Limits how many handshake steps one worker takes in each cycle of its loop: a step may sign or verify, while all
 * other connections wait. Handshakes that get no turn queue for the next cycles.
 *
 * <p>Owned by one event loop.
 */
final class TlsTurns {

    /** A step takes some 0.4 ms on the server side with an EC key. */
    private static final int MOST_STEPS = 4;

    private final EventLoop loop;
    private final ArrayDeque<TlsHandshake> waiting = new ArrayDeque<>();
    private final Runnable handOut = this::handOut;
    private long cycleNs;
    private int steps;

    TlsTurns(EventLoop loop) {
        this.loop = loop;
    }

    /** Whether the handshake may go on now; if not, {@link TlsHandshake#onTurn} follows in a later cycle. */
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

    /** Gives turns at the end of a cycle, and leaves the rest for the end of the next one. */
    private void handOut() {
        for (int i = 0; i < MOST_STEPS && !waiting.isEmpty(); i++) {
            waiting.poll().onTurn();
        }
        if (!waiting.isEmpty()) {
            loop.defer(handOut);
        }
    }
}
