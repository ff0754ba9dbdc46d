package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Bulk bodies are spliced, and everything before, between and behind them is as it should be. */
@EnabledOnOs(OS.LINUX)
class HttpZeroCopyTest {

    private static final int BULK_BYTES = 8 * 1024 * 1024;
    /** The default of {@code buffers.size}. */
    private static final int BUFFER_BYTES = 32 * 1024;
    /** To splice the last bytes of a body does not pay, if there are no more than these to come. */
    private static final int TAIL_BYTES = 64 * 1024;
    private static final byte[] BULK = noise(BULK_BYTES);
    private static final String LENGTH = "Content-Length: " + BULK_BYTES + "\r\n\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

    private static final HttpOrigin.Answering LENGTH_OR_CHUNKS = (name, peer, request) -> {
        switch (request.target()) {
            case "/length" -> {
                peer.send("HTTP/1.1 200 OK\r\n" + LENGTH);
                peer.send(BULK);
            }
            case "/chunks" -> {
                peer.send("HTTP/1.1 200 OK\r\n" + CHUNKED);
                sendChunks(peer, 1024 * 1024);
            }
            case "/small-chunks" -> {
                peer.send("HTTP/1.1 200 OK\r\n" + CHUNKED);
                sendChunks(peer, 16 * 1024);
            }
            case "/until-close" -> {
                peer.send("HTTP/1.1 200 OK\r\n\r\n");
                peer.send(BULK);
                peer.leave();
            }
            default -> HttpOrigin.NAME_AND_TARGET.answer(name, peer, request);
        }
    };

    @Test
    void splicesResponsesOfALengthAndKeepsBothConnections() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", LENGTH_OR_CHUNKS);
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                assertBulk(client.get("/length"));
                assertEquals("server /" + i, client.get("/" + i).body());
            }
            assertEquals(1, origin.connections());
            assertMostSpliced(sluice, 3);
            long copiedBytes = 3L * BULK_BYTES - sluice.stats().sum(Counter.BYTES_SPLICED);
            assertTrue(copiedBytes <= 3 * (BUFFER_BYTES + TAIL_BYTES),
                    "more than what came with the heads and the rest that does not pay: " + copiedBytes);
        }
    }

    @Test
    void splicesTheDataOfLargeChunksAndChecksTheirFraming() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", LENGTH_OR_CHUNKS);
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                HttpMessage response = client.get("/chunks");
                assertBulk(response);
                assertEquals(List.of("X-Sum: 8"), response.trailers());
            }
            assertEquals(1, origin.connections());
            assertMostSpliced(sluice, 3);
        }
    }

    @Test
    void takesLargeChunksApartForHttp10() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", LENGTH_OR_CHUNKS);
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET /chunks HTTP/1.0\r\n\r\n");
            assertBulk(client.response());
            assertMostSpliced(sluice, 1);
        }
    }

    @Test
    void splicesABodyUntilCloseThatNeedsNoChunks() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", LENGTH_OR_CHUNKS);
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET /until-close HTTP/1.0\r\n\r\n");
            assertBulk(client.response());
            assertMostSpliced(sluice, 1);
        }
    }

    @Test
    void copiesWhatIsMadeChunksOfAndWhatComesInSmallChunks() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", LENGTH_OR_CHUNKS);
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            assertBulk(client.get("/small-chunks"));
            assertBulk(client.get("/until-close"));
            assertEquals(0, sluice.stats().sum(Counter.BYTES_SPLICED));
        }
    }

    @Test
    void splicesRequestsAndLosesNothingOfWhatIsRightBehindThem() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            for (String framing : List.of(LENGTH, CHUNKED)) {
                client.send("POST /bulk HTTP/1.1\r\nHost: test\r\n" + framing);
                Thread sender = Thread.startVirtualThread(() -> sendBodyAndNextRequest(client, framing));
                assertEquals("server /bulk", client.response().body());
                assertEquals("server /next", client.response().body());
                sender.join();
                assertBulk(origin.nextRequest());
                assertEquals("/next", origin.nextRequest().target());
            }
            assertEquals(1, origin.connections());
            assertMostSpliced(sluice, 2);
        }
    }

    @Test
    void servesPipelinedRequestsForBulk() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", LENGTH_OR_CHUNKS);
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            String host = " HTTP/1.1\r\nHost: test\r\n\r\n";
            client.send("GET /length" + host + "GET /small" + host + "GET /chunks" + host + "GET /length" + host);
            assertBulk(client.response());
            assertEquals("server /small", client.response().body());
            assertBulk(client.response());
            assertBulk(client.response());
            assertMostSpliced(sluice, 3);
        }
    }

    @Test
    void losesNothingBeforeASlowClient() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", LENGTH_OR_CHUNKS);
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.slowTo(sluice)) {
            for (String target : List.of("/length", "/chunks")) {
                client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
                await().until(() -> HttpSluice.buffersInUse(sluice.workers().getFirst()) > 0);
                assertBulk(client.response());
            }
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void aBodyThatEndsEarlyNeverLooksComplete() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + (BULK_BYTES + 1) + "\r\n\r\n");
            peer.send(BULK);
            peer.leave();
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            assertThrows(IOException.class, () -> client.get("/"));
            assertMostSpliced(sluice, 1);
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void aChunkWithoutItsEndNeverLooksComplete() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\n" + CHUNKED + Integer.toHexString(BULK_BYTES) + "\r\n");
            peer.send(BULK);
            peer.send("oops");
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            assertThrows(IOException.class, () -> client.get("/"));
            assertMostSpliced(sluice, 1);
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** What is in a pipe then must not turn up in another client's response. */
    @Test
    void forgetsWhatAClientHasNotTaken() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", LENGTH_OR_CHUNKS);
             Sluice sluice = HttpSluice.before(origin)) {
            for (int i = 0; i < 5; i++) {
                try (HttpPeer gone = HttpPeer.slowTo(sluice)) {
                    gone.send("GET /length HTTP/1.1\r\nHost: test\r\n\r\n");
                    await().until(() -> sluice.workers().getFirst().vessels().pipes().inUse() > 0);
                    gone.reset();
                }
                HttpSluice.awaitNothingHeld(sluice);
                try (HttpPeer client = HttpPeer.to(sluice)) {
                    assertBulk(client.get("/length"));
                }
            }
        }
    }

    private static void assertBulk(HttpMessage message) {
        assertEquals(BULK_BYTES, message.body().length());
        // Not the texts: JUnit would print them.
        assertEquals(checksum(BULK), checksum(message.body().getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static void assertMostSpliced(Sluice sluice, int bodies) {
        long splicedBytes = sluice.stats().sum(Counter.BYTES_SPLICED);
        assertTrue(splicedBytes > bodies * BULK_BYTES / 2, "spliced: " + splicedBytes);
        assertTrue(splicedBytes <= bodies * BULK_BYTES, "framing was spliced");
    }

    private static void sendBodyAndNextRequest(HttpPeer client, String framing) {
        try {
            if (framing.equals(LENGTH)) {
                client.send(BULK);
            } else {
                sendChunks(client, 1024 * 1024);
            }
            client.send("GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void sendChunks(HttpPeer peer, int chunkBytes) throws IOException {
        byte[] chunk = new byte[chunkBytes];
        for (int start = 0; start < BULK_BYTES; start += chunkBytes) {
            System.arraycopy(BULK, start, chunk, 0, chunkBytes);
            peer.send(Integer.toHexString(chunkBytes) + ";an=extension\r\n");
            peer.send(chunk);
            peer.send("\r\n");
        }
        peer.send("0\r\nX-Sum: 8\r\n\r\n");
    }

    private static long checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return checksum.getValue();
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
