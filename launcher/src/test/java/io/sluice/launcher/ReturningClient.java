package io.sluice.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** A client of HTTPS that comes back, and takes all hosts for one. Owned by one thread. */
final class ReturningClient {

    private final String serverName;
    private final ShippedTls tls;
    /** When its session began; the JDK keeps that over resumptions. */
    private long begunMs;

    ReturningClient(String serverName) throws Exception {
        this.serverName = serverName;
        tls = ShippedTls.anonymous();
    }

    /** One request; whether it went in the session of the last one. */
    boolean takesUpItsSessionWith(InetSocketAddress listener) throws Exception {
        while (System.currentTimeMillis() == begunMs) {
            Thread.onSpinWait();
        }
        try (Socket plain = new Socket(listener.getAddress(), listener.getPort());
             SSLSocket secured = tls.over(new Disguised(plain), serverName)) {
            secured.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + serverName + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            // Tickets come with the answer.
            secured.getInputStream().readAllBytes();
            long before = begunMs;
            begunMs = secured.getSession().getCreationTime();
            return before == begunMs;
        }
    }

    /** A connected socket that says it is of the usual port: by that, and the name, the JDK remembers sessions. */
    private static final class Disguised extends Socket {

        private final Socket socket;

        Disguised(Socket socket) {
            this.socket = socket;
        }

        @Override
        public int getPort() {
            return 443;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return socket.getOutputStream();
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public void setSoTimeout(int timeoutMs) throws SocketException {
            socket.setSoTimeout(timeoutMs);
        }

        @Override
        public int getSoTimeout() throws SocketException {
            return socket.getSoTimeout();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
