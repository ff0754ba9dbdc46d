package io.sluice.core.worker;

import java.nio.channels.SocketChannel;

/** What a listener does with its clients; one instance for each worker. Called on the worker's event loop. */
public interface Service {

    /**
     * Takes a new client over. What it becomes is a {@link Session} that is added to the worker and that tells the
     * worker of its end.
     *
     * @param client connected and non-blocking
     */
    void accept(SocketChannel client);
}
