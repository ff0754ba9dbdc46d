package io.sluice.core.net;

/** Whoever acts on a connection's events at present. Called on the connection's event loop. */
public interface ConnectionOwner {

    /** The connection is ready for what was asked ({@code readyOps} as in {@link java.nio.channels.SelectionKey}). */
    void onReady(Connection connection, int readyOps);

    /** Acting on the connection's events has failed unexpectedly, which is a bug: give it up. */
    void onFailure(Connection connection, RuntimeException failure);
}
