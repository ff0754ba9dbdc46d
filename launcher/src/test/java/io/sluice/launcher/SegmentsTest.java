package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.net.KernelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What short connections need on the wire: no segment for a beginning or an end that could go along with bytes. */
@EnabledOnOs(OS.LINUX)
class SegmentsTest {

    private static final int RESPONSE_BYTES = 1024;

    @Test
    void endsAnHttpConnectionWithTheResponse() throws Exception {
        try (Sluice sluice = HttpSluice.launch("routes: [{ respond: { status: 200, body: ok } }]",
                "[{ name: none, address: 127.0.0.1:1 }]", "")) {
            int kept = segmentsOf(sluice, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", false);
            int closed = segmentsOf(sluice, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true);
            assertEquals(kept, closed);
        }
    }

    /** Segments that a client has received when it has its response, and perhaps the end. */
    private static int segmentsOf(Sluice sluice, String request, boolean ends) throws IOException {
        try (SocketChannel client = SocketChannel.open(InProcess.address(sluice))) {
            client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer response = ByteBuffer.allocate(RESPONSE_BYTES);
            client.read(response);
            if (ends) {
                assertEquals(-1, client.read(response));
            }
            return KernelOption.segmentsReceived(client);
        }
    }

    @Test
    void beginsAServersConnectionWithWhatTheClientHasSaid() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
             Sluice sluice = InProcess.launch("""
                     workers: 1
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, session-log: off, pool: pool }]
                     pools: { pool: { servers: [{ name: s, address: 127.0.0.1:%d }] } }
                     """.formatted(((InetSocketAddress) server.getLocalAddress()).getPort()));
             SocketChannel client = SocketChannel.open()) {
            HttpSluice.whileHeld(sluice, () -> {
                client.connect(InProcess.address(sluice));
                client.write(ByteBuffer.wrap(new byte[] {'?'}));
            });
            try (SocketChannel accepted = server.accept()) {
                assertEquals(1, accepted.read(ByteBuffer.allocate(2)));
                // What asks for a connection, and the question, but no acknowledgement between them.
                assertEquals(2, KernelOption.segmentsReceived(accepted));
            }
        }
    }
}
