package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A PROXY protocol header names one client, so a connection that began with one serves no other. */
class HttpProxyProtocolTest {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<String> headers = new CopyOnWriteArrayList<>();

    @Test
    void namesEachClientToTheServer() throws Exception {
        try (ServerSocket origin = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
             Sluice sluice = HttpSluice.launch("pool: pool",
                     "[{ name: server, address: 127.0.0.1:" + origin.getLocalPort() + " }]",
                     "send-proxy-protocol: v1")) {
            Thread.ofVirtual().start(() -> serve(origin));
            for (String client : List.of("127.0.0.1", "127.0.0.7", "127.0.0.1")) {
                assertEquals("HTTP/1.1 200 OK", ask(sluice, client));
            }
            assertEquals(3, headers.size());
            assertTrue(headers.get(0).startsWith("PROXY TCP4 127.0.0.1 "), headers::toString);
            assertTrue(headers.get(1).startsWith("PROXY TCP4 127.0.0.7 "), headers::toString);
            assertTrue(headers.get(2).startsWith("PROXY TCP4 127.0.0.1 "), headers::toString);
        }
    }

    private static String ask(Sluice sluice, String from) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(InProcess.address(sluice));
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return lines(socket).readLine();
        }
    }

    /** Answers every request, on connections that it would keep. */
    private void serve(ServerSocket origin) {
        try {
            for (;;) {
                Socket socket = origin.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (SocketException e) {
            // Closed: the test is over.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            BufferedReader lines = lines(socket);
            headers.add(lines.readLine());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    socket.getOutputStream().write(ANSWER);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BufferedReader lines(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }
}
