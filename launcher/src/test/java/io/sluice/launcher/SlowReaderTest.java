package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer that reads little by little is not silent, although the kernel, which holds megabytes for it, reports no room
 * for longer than anybody may be silent.
 */
class SlowReaderTest {

    /** More than the kernel holds between two peers. */
    private static final int BULK_BYTES = 64 << 20;
    /** Less than that, and more than a slow reader reads. */
    private static final int HELD_BYTES = 2 << 20;
    private static final int SILENCE_MS = 2000;
    private static final long LONGER_THAN_SILENCE_NS = TimeUnit.MILLISECONDS.toNanos(3000);
    private static final long MOMENT_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int FEW_BYTES = 4096;
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: " + BULK_BYTES + "\r\n\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "http"})
    void keepsAClientThatReadsSlowly(String protocol) throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send(OK);
            peer.send(new byte[BULK_BYTES]);
            peer.awaitEndByReset();
        });
             Sluice sluice = launch(protocol, "timeouts: { client: " + SILENCE_MS + "ms }", "", server);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(GET);
            assertEquals(200, client.head().status());
            long read = readSlowly(client.input());
            client.input().skipNBytes(BULK_BYTES - read);
        }
    }

    /** A reset would take from it what the kernel still has for it. */
    @Test
    void keepsAClientThatReadsSlowlyWhenTheServerHasEnded() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            socket.getOutputStream().write(new byte[HELD_BYTES]);
            socket.close();
        });
             Sluice sluice = launch("tcp", "timeouts: { half-closed: " + SILENCE_MS + "ms }", "", server);
             HttpPeer client = HttpPeer.to(sluice)) {
            long read = readSlowly(client.input());
            client.input().skipNBytes(HELD_BYTES - read);
            assertEquals(-1, client.input().read());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "http"})
    void keepsAServerThatReadsSlowly(String protocol) throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            long read = readSlowly(peer.input());
            peer.input().skipNBytes(BULK_BYTES - read);
            peer.send(HttpOrigin.ok("whole"));
            peer.awaitEndByReset();
        });
             Sluice sluice = launch(protocol, "", "timeouts: { server: " + SILENCE_MS + "ms }", server);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + BULK_BYTES + "\r\n\r\n");
            client.send(new byte[BULK_BYTES]);
            assertEquals("whole", client.response().body());
        }
    }

    private static Sluice launch(String protocol, String listenerKeys, String poolKeys, NamedServer server)
            throws Exception {
        return InProcess.launch("""
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: %s, pool: pool, %s }]
                pools: { pool: { servers: %s, %s } }
                """.formatted(protocol, listenerKeys, NamedServer.entries(server), poolKeys));
    }

    /** For longer than anybody may be silent. @return bytes read */
    private static long readSlowly(InputStream from) throws IOException {
        long read = 0;
        for (long endNs = System.nanoTime() + LONGER_THAN_SILENCE_NS; System.nanoTime() - endNs < 0;) {
            LockSupport.parkNanos(MOMENT_NS);
            from.skipNBytes(FEW_BYTES);
            read += FEW_BYTES;
        }
        return read;
    }
}
