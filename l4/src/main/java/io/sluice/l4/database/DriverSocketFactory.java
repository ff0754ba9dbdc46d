package io.sluice.l4.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Gives drivers their connections, and pgjdbc its TLS, from the {@link Dialer}. Public only because drivers make it by
 * its class name. Owned by one virtual thread.
 */
public final class DriverSocketFactory extends SSLSocketFactory {

    private final Dialer dialer = Dialer.CURRENT.get();

    /** A socket that is connected already. */
    @Override
    public Socket createSocket() throws IOException {
        return dialer.connect();
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
        return dialer.secure(plain);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return new String[0];
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return new String[0];
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
