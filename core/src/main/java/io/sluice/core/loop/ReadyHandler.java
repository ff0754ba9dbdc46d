package io.sluice.core.loop;

/** Told when its channel or socket is ready. Called on the event loop's thread. */
public interface ReadyHandler {

    /**
     * The channel is ready.
     *
     * @param readyOps the operations of {@link java.nio.channels.SelectionKey} that are ready, within those asked for
     */
    void onReady(int readyOps);

    /**
     * Whether this handler is called before all others of a cycle. Connections to servers are, clients follow: one side
     * after the other, so that messages go to the same few processes in a burst. The first message of a burst wakes the
     * receiver, the rest need not, and a wake-up is expensive: some 9 us on a virtual machine, as much as two sends. It
     * also frees server connections for the clients that are served next.
     */
    default boolean comesFirst() {
        return false;
    }

    /** {@link #onReady} has thrown: give up the channel and all that depends on it. Never throws itself. */
    void onFailure(RuntimeException failure);
}
