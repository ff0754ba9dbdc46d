package io.sluice.core.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One way to find out whether one server works, and what role it has. An instance serves one server, so that it may
 * keep a connection from check to check. Its methods block. Owned by one virtual thread.
 */
@FunctionalInterface
public interface Probe extends AutoCloseable {

    /**
     * Checks once.
     *
     * @param server  may be another address than at the last check, if the server's name now resolves to it
     * @param timeout for the whole check
     * @return what has been learned about the server, which works
     * @throws IOException if the server does not work; the message says why, for a log line
     */
    Finding check(InetSocketAddress server, Duration timeout) throws IOException;

    /**
     * Waits until the next check is due. It may return early if something happens to a connection that the probe keeps,
     * as a lost connection is a reason to check again.
     *
     * @throws InterruptedException if the thread is interrupted, which asks for a check at once; a kept connection may
     *                              be lost by that, and the next check opens another
     */
    default void pause(Duration length) throws InterruptedException {
        Thread.sleep(length);
    }

    /** Closes the connection that the probe keeps, if any. Called on the same thread, when no more checks follow. */
    @Override
    default void close() { }
}
