package io.sluice.core.worker;

import io.sluice.core.net.TcpSocket;

/**
 * What a listener does with its clients, as one generation of the configuration says; one instance for each worker. A
 * reload that changes anything about it replaces it; a replaced service ends with its last session.
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
     * Takes a new client over. Makes a {@link Session} of it, adds that to the worker, and tells the worker when it
     * ends.
     *
     * @param client connected
     */
    public abstract void accept(TcpSocket client);

    /** Clients may come from now on. Called again whenever the worker's snapshot is replaced. */
    protected void begin() { }

    /**
     * Sets what to run on the event loop once this service is no longer in use. To be called before the first client.
     */
    public final void atEnd(Runnable action) {
        atEnd = action;
    }

    /** Whether the listener is gone, so that client connections should not be kept alive. */
    public final boolean isClosing() {
        return state == State.CLOSING;
    }

    /** This service serves one more session from now on. */
    public final void enter() {
        sessions++;
    }

    /** The session is over, or served by another one. */
    public final void leave() {
        sessions--;
        endIfUnused();
    }

    /** No more clients come. @param listenerStays whether another service has the listener's clients now */
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
