package io.sluice.bench.origin;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A blocking client that reads responses one after the other. */
final class OriginClient implements AutoCloseable {

    private static final int PATIENCE_MS = 20_000;

    private final Socket socket;

    OriginClient(Origin origin) throws IOException {
        socket = new Socket(origin.address().getAddress(), origin.address().getPort());
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
    }

    Socket socket() {
        return socket;
    }

    OriginClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    /** The next head, with its empty line. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new IOException("ended in a head: " + head);
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    /** The next response's status line and body. */
    String response() throws IOException {
        String head = head();
        int length = head.indexOf("Content-Length: ");
        int bodyBytes = length < 0 ? 0 : Integer.parseInt(head.substring(length + 16, head.indexOf('\r', length)));
        byte[] body = socket.getInputStream().readNBytes(bodyBytes);
        return head.substring(9, 12) + " " + new String(body, StandardCharsets.ISO_8859_1);
    }

    boolean isAtEnd() throws IOException {
        InputStream in = socket.getInputStream();
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
