package io.sluice.l4.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** How a driver gets its connections from the {@link Dialer}. Public only because drivers make it by its name. */
public final class DriverSocketFactory extends SocketFactory {

    private final Dialer dialer = Dialer.CURRENT.get();

    /** A socket that is connected already. */
    @Override
    public Socket createSocket() throws IOException {
        return dialer.connect();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }
}
