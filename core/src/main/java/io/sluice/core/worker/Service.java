package io.sluice.core.worker;

import io.sluice.core.net.TcpSocket;

/**
 * What a listener does with its clients, as one generation of the configuration says; one instance for each worker.
 * A reload that changes anything about it puts another one in its place; it ends with its last session.
 *
 * <pre>
 *   SERVING ── replaced ──▶ REPLACED ── last session over ──▶ (end)
 *   SERVING ── its listener is gone ──▶ CLOSING ── last session over ──▶ (end)
 * </pre>
 *
 * <p>Owned by the worker's event loop.
 */
public abstract class Service {

    private enum State { SERVING, REPLACED, CLOSING }

    private State state = State.SERVING;
    private int sessions;
    private Runnable atEnd = () -> { };

    /**
     * Takes a new client over. What it becomes is a {@link Session} that is added to the worker and that tells the
     * worker of its end.
     *
     * @param client connected
     */
    public abstract void accept(TcpSocket client);

    /** Clients come from now on. May be called again, when other services are replaced. */
    protected void begin() { }

    /** What to do, on the event loop, when this is in use no more. Before the first client. */
    public final void atEnd(Runnable action) {
        atEnd = action;
    }

    /** Whether the listener is gone, so that no client should be kept alive. */
    public final boolean isClosing() {
        return state == State.CLOSING;
    }

    /** A session is served by this from now on. */
    public final void enter() {
        sessions++;
    }

    /** The session is over, or served by another one. */
    public final void leave() {
        sessions--;
        endIfUnused();
    }

    /** No more clients come. @param listenerStays whether another one serves the listener's clients now */
    final void retire(boolean listenerStays) {
        state = listenerStays ? State.REPLACED : State.CLOSING;
        endIfUnused();
    }

    private void endIfUnused() {
        if (sessions == 0 && state != State.SERVING) {
            atEnd.run();
        }
    }
}
