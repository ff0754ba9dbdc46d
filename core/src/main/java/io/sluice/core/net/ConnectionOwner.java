package io.sluice.core.net;

/** Acts on a connection's events at present. Called on the connection's event loop. */
public interface ConnectionOwner {

    /** The connection is ready for what was asked ({@code readyOps} as in {@link java.nio.channels.SelectionKey}). */
    void onReady(Connection connection, int readyOps);

    /** {@link #onReady} has thrown, which is a bug: give the connection up. */
    void onFailure(Connection connection, RuntimeException failure);
}
