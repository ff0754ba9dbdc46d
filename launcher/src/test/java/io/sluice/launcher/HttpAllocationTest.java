package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Allocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** In steady state an exchange over kept connections makes no garbage on the worker's thread. */
class HttpAllocationTest {

    private static final byte[] REQUEST = bytes("GET /a/b?c=d HTTP/1.1\r\nHost: test\r\nAccept: */*\r\n\r\n");
    private static final byte[] RESPONSE = bytes(HttpOrigin.ok("x".repeat(128)));
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 20_000;
    /** Less than a byte each. An exchange that is slower than any before takes an octave more of some distributions. */
    private static final long MOST_BYTES = 16 * 1024;

    @Test
    void allocatesNothing() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            socket.setTcpNoDelay(true);
            byte[] request = new byte[4096];
            while (readToEmptyLine(socket.getInputStream(), request)) {
                socket.getOutputStream().write(RESPONSE);
            }
        });
             Sluice sluice = HttpSluice.launch(
                     "routes: [{ pool: pool, limits: { body-bytes: 1KiB }, timeouts: { response: 1m, server: 1m } }]",
                     NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            Thread worker = sluice.workers().getFirst().thread();
            exchange(client, WARM_UP);
            long before = Allocation.of(worker);
            exchange(client, MEASURED);
            long allocated = Allocation.of(worker) - before;
            assertTrue(allocated < MOST_BYTES, allocated + " bytes in " + MEASURED + " exchanges");
        }
    }

    private static void exchange(HttpPeer client, int times) throws IOException {
        byte[] response = new byte[4096];
        for (int i = 0; i < times; i++) {
            client.send(REQUEST);
            int length = 0;
            while (!endsWithBody(response, length)) {
                int count = client.input().read(response, length, response.length - length);
                if (count < 0) {
                    throw new IOException("ended early");
                }
                length += count;
            }
        }
    }

    private static boolean endsWithBody(byte[] response, int length) {
        return length > 128 && response[length - 129] == '\n' && response[length - 128] == 'x';
    }

    private static boolean readToEmptyLine(InputStream in, byte[] bytes) throws IOException {
        int length = 0;
        while (length < 4 || bytes[length - 3] != '\n' || bytes[length - 1] != '\n') {
            int count = in.read(bytes, length, bytes.length - length);
            if (count < 0) {
                return false;
            }
            length += count;
        }
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
