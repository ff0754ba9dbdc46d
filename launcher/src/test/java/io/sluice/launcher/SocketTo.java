package io.sluice.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Has pgjdbc connect to a port of 127.0.0.1 whatever name its URL gives, which it then asks for by SNI: name it as
 * {@code socketFactory}, and the port as {@code socketFactoryArg}. Immutable.
 */
public final class SocketTo extends SocketFactory {

    private final int port;

    public SocketTo(String port) {
        this.port = Integer.parseInt(port);
    }

    @Override
    public Socket createSocket() throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    @Override
    public Socket createSocket(String host, int ignoredPort) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(String host, int ignoredPort, InetAddress local, int localPort) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int ignoredPort) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int ignoredPort, InetAddress local, int localPort)
            throws IOException {
        return createSocket();
    }
}
