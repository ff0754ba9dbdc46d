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
     * Whether it is told before all others of a cycle. What servers sent comes first, then what clients sent: one side
     * after the other, so that what is passed on goes to the same few processes in a burst. Who has been woken by the
     * first message of a burst need not be woken for the rest, and waking is dear: on a virtual machine some 9 us, as
     * much as two sends. It also frees servers' connections for the clients that are served next.
     */
    default boolean comesFirst() {
        return false;
    }

    /** {@link #onReady} has thrown: give up what hangs on this channel. Never throws itself. */
    void onFailure(RuntimeException failure);
}
