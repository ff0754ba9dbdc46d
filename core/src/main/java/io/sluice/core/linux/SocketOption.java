package io.sluice.core.linux;

/**
 * Socket options of Linux that {@link java.nio.channels.NetworkChannel} does not offer, or not on this kind of socket:
 * set by {@code setsockopt(2)}. Safe from any thread.
 */
public enum SocketOption {

    /** tcp(7): send small segments at once. Accepted sockets inherit it from the listening one. */
    TCP_NODELAY(Level.TCP, 1),
    /** socket(7): probe silent peers. Accepted sockets inherit it from the listening one. */
    SO_KEEPALIVE(Level.SOCKET, 9),
    /** tcp(7): seconds of silence before the first probe. */
    TCP_KEEPIDLE(Level.TCP, 4),
    /** tcp(7): seconds between probes. */
    TCP_KEEPINTVL(Level.TCP, 5),
    /** tcp(7): probes without an answer before the connection is given up. */
    TCP_KEEPCNT(Level.TCP, 6),
    /**
     * tcp(7): 0 lets the kernel delay ACKs to send them along with data; if set before connect(2), also the ACK that
     * ends the handshake. 1 has ACKs sent at once, until the kernel decides otherwise.
     */
    TCP_QUICKACK(Level.TCP, 12),
    /** ip(7): choose the local port at connect(2), not at bind(2): a port may then serve many destinations. */
    IP_BIND_ADDRESS_NO_PORT(Level.IP, 24),
    /** ipv6(7): do not serve IPv4. To be set before bind(2). */
    IPV6_V6ONLY(Level.IPV6, 26);

    private final int level;
    private final int number;

    SocketOption(Level level, int number) {
        this.level = level.number;
        this.number = number;
    }

    /** Sets the option. @return false if the kernel refuses or this process has no access to native calls */
    public boolean set(int descriptor, int value) {
        return Sockets.isAvailable() && Sockets.setOption(descriptor, level, number, value);
    }

    private enum Level {
        IP(0), SOCKET(1), TCP(6), IPV6(41);

        private final int number;

        Level(int number) {
            this.number = number;
        }
    }
}
