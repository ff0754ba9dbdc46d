package io.sluice.core.loop;

/** What a selection key's attachment is: told when its channel is ready. Called on the event loop's thread. */
public interface ReadyHandler {

    /**
     * The channel is ready.
     *
     * @param readyOps the operations of {@link java.nio.channels.SelectionKey} that are ready, within those asked for
     */
    void onReady(int readyOps);

    /** {@link #onReady} has thrown: give up what hangs on this channel. Never throws itself. */
    void onFailure(RuntimeException failure);
}
