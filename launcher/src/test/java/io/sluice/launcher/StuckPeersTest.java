package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that take nothing, more of them than there are buffers, hold nobody else up. */
class StuckPeersTest {

    private static final int STUCK = 12;
    /** Of eight buffers, one is a reserve for work under way. */
    private static final int MOST_SPARE_BUFFERS = 7;
    private static final int BODY_BYTES = 32 * 1024 * 1024;

    private final CountDownLatch over = new CountDownLatch(1);
    private final List<HttpPeer> stuck = new ArrayList<>();
    private NamedServer server;
    private NamedServer lines;
    private Sluice sluice;

    @BeforeEach
    void start() throws Exception {
        server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            while (peer.hasMore()) {
                answer(peer.head().target(), peer);
            }
        });
        lines = NamedServer.start("lines");
        sluice = InProcess.launch("""
                workers: 1
                zero-copy: off
                buffers: { size: 8KiB, memory: 64KiB }
                listeners:
                  - { name: in, bind: 127.0.0.1:0, protocol: http, access-log: off, pool: pool }
                  - { name: inspected, bind: 127.0.0.1:0, protocol: tcp, inspect: postgres, pool: lines,
                      timeouts: { inspect: 1m } }
                pools: { pool: { servers: %s }, lines: { servers: %s } }
                """.formatted(NamedServer.entries(server), NamedServer.entries(lines)));
    }

    private void answer(String target, HttpPeer peer) throws IOException {
        switch (target) {
            case "/up" -> Latches.await(over);
            case "/down" -> {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n");
                sendBody(peer);
            }
            default -> peer.send(HttpOrigin.ok(target));
        }
    }

    @AfterEach
    void stop() throws Exception {
        over.countDown();
        closeAll();
        sluice.close();
        server.close();
        lines.close();
    }

    private void closeAll() throws IOException {
        for (HttpPeer peer : stuck) {
            peer.close();
        }
    }

    @Test
    void servesOthersWhileServersTakeNothing() throws Exception {
        for (int i = 0; i < STUCK; i++) {
            HttpPeer client = HttpPeer.to(sluice);
            stuck.add(client);
            client.send("POST /up HTTP/1.1\r\nHost: test\r\nContent-Length: " + BODY_BYTES
                    + "\r\n\r\n");
            Thread.startVirtualThread(() -> sendBody(client));
        }
        assertServesOthers();
    }

    @Test
    void servesOthersWhileClientsTakeNothing() throws Exception {
        for (int i = 0; i < STUCK; i++) {
            HttpPeer client = HttpPeer.slowTo(sluice);
            stuck.add(client);
            client.send("GET /down HTTP/1.1\r\nHost: test\r\n\r\n");
        }
        assertServesOthers();
    }

    @Test
    void servesEstablishedSessionsWhileClientsSendHalfOfWhatIsInspected() throws Exception {
        try (TestClient established = TestClient.to(sluice.addresses("inspected").getFirst())) {
            assertEquals("lines hello", established.ask("hello"));
            for (int i = 0; i < STUCK; i++) {
                HttpPeer client = HttpPeer.to(sluice.addresses("inspected").getFirst());
                stuck.add(client);
                client.send("\0");
            }
            await().until(() -> HttpSluice.buffersInUse(sluice.workers().getFirst()) == MOST_SPARE_BUFFERS);
            assertEquals("lines again", established.ask("again"));
            try (TestClient other = TestClient.to(sluice.addresses("inspected").getFirst())) {
                closeAll();
                assertEquals("lines other", other.ask("other"));
            }
        }
    }

    private void assertServesOthers() throws Exception {
        await().until(() -> sluice.pools().get("pool").servers().getFirst().connections() == STUCK);
        awaitStandstill();
        try (HttpPeer other = HttpPeer.to(sluice)) {
            for (int i = 0; i < 10; i++) {
                assertEquals("/" + i, other.get("/" + i).body());
            }
        }
    }

    /** Waits until no byte has moved for several looks since the first ones. */
    private void awaitStandstill() throws InterruptedException {
        long moved = 0;
        for (int standing = 0; standing < 20; ) {
            long movedNow = sluice.stats().sum(Counter.BYTES_COPIED);
            standing = movedNow > 0 && movedNow == moved ? standing + 1 : 0;
            moved = movedNow;
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static void sendBody(HttpPeer to) {
        byte[] part = new byte[64 * 1024];
        try {
            for (int sent = 0; sent < BODY_BYTES; sent += part.length) {
                to.send(part);
            }
        } catch (IOException e) {
            // The other end has left, as the test is over.
        }
    }
}
