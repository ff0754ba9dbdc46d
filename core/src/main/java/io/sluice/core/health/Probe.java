package io.sluice.core.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** One way to find out whether a server works. Safe from any thread; blocks. */
@FunctionalInterface
public interface Probe {

    /**
     * Checks once.
     *
     * @param timeout for the whole check
     * @throws IOException if the server does not work; the message says why, for a log line
     */
    void check(InetSocketAddress server, Duration timeout) throws IOException;
}
