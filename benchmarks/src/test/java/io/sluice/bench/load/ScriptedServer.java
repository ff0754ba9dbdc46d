package io.sluice.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Answers whatever ends like a head with the same bytes each time, then perhaps closes. Safe from any thread. */
final class ScriptedServer implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final byte[] answer;
    private final boolean closing;

    ScriptedServer(String answer, boolean closing) throws IOException {
        this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
        this.closing = closing;
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            while (readHead(client.getInputStream())) {
                client.getOutputStream().write(answer);
                if (closing) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client has gone, which is its right.
        }
    }

    private static boolean readHead(InputStream in) throws IOException {
        int matched = 0;
        while (matched < 4) {
            int octet = in.read();
            if (octet < 0) {
                return false;
            }
            boolean expected = octet == "\r\n\r\n".charAt(matched);
            matched = expected ? matched + 1 : octet == '\r' ? 1 : 0;
        }
        return true;
    }
}
