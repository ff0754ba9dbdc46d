package io.sluice.l4.database;

import io.sluice.config.PoolConfig;
import io.sluice.core.address.Addresses;
import io.sluice.core.health.TcpProbe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/**
 * Opens the connections of one login: to the address that the pool has resolved, as the pool does for traffic, guarded
 * by the check's deadline. Drivers make their sockets here, too, and so need neither name resolution nor timeouts nor
 * TLS of their own. Owned by one check.
 */
final class Dialer {

    /** The dialer of the login under way, for socket factories, which drivers make by class name. */
    static final ScopedValue<Dialer> CURRENT = ScopedValue.newInstance();

    /** The JDK's protocol name for a TLS connection that was lost during its handshake. */
    private static final String NO_HANDSHAKE = "NONE";

    /** Puts TLS over a login's connection; the caller begins the handshake. */
    interface Securing {
        SSLSocket over(Socket plain) throws IOException;
    }

    private final PoolConfig pool;
    private final Securing tls;
    private final InetSocketAddress address;
    private final Deadline deadline;
    private BoundedSocket socket;
    /** Null before TLS begins. */
    private SSLSocket secured;
    private IOException failure;

    Dialer(PoolConfig pool, Securing tls, InetSocketAddress address, Deadline deadline) {
        this.pool = pool;
        this.tls = tls;
        this.address = address;
        this.deadline = deadline;
    }

    /** Opens a connection; a driver may ask for another one after the first. */
    Socket connect() throws IOException {
        socket = null;
        secured = null;
        failure = null;
        try {
            // A millisecond later than the deadline, so that the deadline has passed if this times out.
            BoundedSocket opened = new BoundedSocket(TcpProbe.connect(pool, address, deadline.left().plusMillis(1)));
            deadline.guard(opened);
            opened.setTcpNoDelay(true);
            opened.setKeepAlive(true);
            socket = opened;
            return opened;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Puts TLS over the connection; the caller begins the handshake. */
    SSLSocket secure(Socket plain) throws IOException {
        secured = tls.over(plain);
        return secured;
    }

    /** The address in the form of URLs, which drivers need for their messages. */
    String hostAndPort() {
        return Addresses.toText(address);
    }

    /** The latest connection, below any TLS; null before there is one. */
    BoundedSocket socket() {
        return socket;
    }

    /**
     * Why the latest connection could not be opened, in words for a log line; or null. Drivers use words of their own.
     */
    IOException failure() {
        return failure;
    }

    /** What the login was still waiting for, for a log line once the deadline has passed. */
    String awaited() {
        if (socket == null) {
            return "no connection";
        }
        return hasBegunTls() && secured.getSession().getProtocol().equals(NO_HANDSHAKE) ? "no TLS" : "no login";
    }

    /** Closes the latest connection, if there is one. */
    void close() {
        if (socket != null) {
            LoginProbe.closeQuietly(socket);
        }
    }

    /** Whether TLS was begun on the latest connection. */
    boolean hasBegunTls() {
        return secured != null;
    }
}
