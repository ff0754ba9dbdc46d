package io.sluice.core.net;

import io.sluice.core.linux.SocketOption;

/**
 * TCP keep-alive as Sluice sets it on every connection that lasts: a peer that has vanished is noticed within two
 * minutes even if nothing is sent. {@code TCP_USER_TIMEOUT} is not set on purpose: it would also end connections to a
 * living peer that does not read for a while, such as a database client busy with a large result.
 */
final class KeepAlive {

    private static final int IDLE_SECONDS = 60;
    private static final int INTERVAL_SECONDS = 10;
    private static final int PROBES = 5;

    private KeepAlive() { }

    static void apply(int socket) {
        SocketOption.SO_KEEPALIVE.set(socket, 1);
        SocketOption.TCP_KEEPIDLE.set(socket, IDLE_SECONDS);
        SocketOption.TCP_KEEPINTVL.set(socket, INTERVAL_SECONDS);
        SocketOption.TCP_KEEPCNT.set(socket, PROBES);
    }
}
