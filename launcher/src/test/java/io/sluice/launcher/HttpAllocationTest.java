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
    private static final byte[] OF_CLIENT = bytes("GET /a/b?c=d HTTP/1.1\r\nHost: test\r\n"
            + "X-Forwarded-For: [2001:db8::1]:80\r\nX-Forwarded-For: 203.0.113.9, 127.0.0.1:567\r\n\r\n");
    private static final byte[] RESPONSE = bytes(HttpOrigin.ok("x".repeat(128)));
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 20_000;
    /** Less than a byte each. An exchange that is slower than any before takes an octave more of some distributions. */
    private static final long MOST_BYTES = 16 * 1024;

    @Test
    void allocatesNothing() throws Exception {
        assertAllocatesNothing("pool: pool", REQUEST);
    }

    @Test
    void allocatesNothingOnARouteWithLimitsOfItsOwn() throws Exception {
        assertAllocatesNothing("routes: [{ pool: pool, limits: { body-bytes: 1KiB }, "
                + "timeouts: { response: 1m, server: 1m } }]", REQUEST);
    }

    @Test
    void allocatesNothingOnARouteWithARateLimit() throws Exception {
        assertAllocatesNothing("routes: [{ pool: pool, rate-limit: { requests: 1000000/s } }]", REQUEST);
        assertAllocatesNothing(
                "routes: [{ pool: pool, rate-limit: { requests: 1000000/s, by: { header: Accept } } }]", REQUEST);
    }

    @Test
    void allocatesNothingForANamedClient() throws Exception {
        assertAllocatesNothing("pool: pool, forwarded: { trusted: 127.0.0.0/8, client: x-forwarded-for }", OF_CLIENT);
    }

    private static void assertAllocatesNothing(String listenerKeys, byte[] request) throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            socket.setTcpNoDelay(true);
            byte[] received = new byte[4096];
            while (readToEmptyLine(socket.getInputStream(), received)) {
                socket.getOutputStream().write(RESPONSE);
            }
        });
             Sluice sluice = HttpSluice.launch(listenerKeys, NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            Thread worker = sluice.workers().getFirst().thread();
            exchange(client, request, WARM_UP);
            long before = Allocation.of(worker);
            exchange(client, request, MEASURED);
            long allocated = Allocation.of(worker) - before;
            assertTrue(allocated < MOST_BYTES, allocated + " bytes in " + MEASURED + " exchanges");
        }
    }

    private static void exchange(HttpPeer client, byte[] request, int times) throws IOException {
        byte[] response = new byte[4096];
        for (int i = 0; i < times; i++) {
            client.send(request);
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
