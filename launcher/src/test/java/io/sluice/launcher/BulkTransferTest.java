package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large amounts of data in both directions at once arrive as they were sent. */
class BulkTransferTest {

    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int CHUNKS = 1024;
    private static final long TO_SERVER_SEED = 1;
    private static final long TO_CLIENT_SEED = 2;

    /** What a direction carried. */
    private record Content(long lengthBytes, long checksum) { }

    @EnabledOnOs(OS.LINUX)
    @ParameterizedTest
    @ValueSource(strings = {"auto", "off"})
    void carries64MiBEachWayAtTheSameTime(String zeroCopy) throws Exception {
        CompletableFuture<Content> sentByServer = new CompletableFuture<>();
        CompletableFuture<Content> receivedByServer = new CompletableFuture<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
             NamedServer server = NamedServer.start("server", (_, client) -> {
                 threads.submit(() -> sentByServer.complete(send(client, TO_CLIENT_SEED)));
                 receivedByServer.complete(receive(client.getInputStream()));
                 sentByServer.join();
             });
             Sluice sluice = InProcess.launch("""
                     zero-copy: %s
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                     pools: { pool: { servers: %s } }
                     """.formatted(zeroCopy, NamedServer.entries(server)));
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            Future<Content> sentByClient = threads.submit(() -> send(client.socket(), TO_SERVER_SEED));
            Content receivedByClient = receive(client.socket().getInputStream());
            assertEquals(sentByServer.get(10, TimeUnit.SECONDS), receivedByClient);
            assertEquals(sentByClient.get(10, TimeUnit.SECONDS), receivedByServer.get(10, TimeUnit.SECONDS));
            long splicedBytes = sluice.stats().sum(Counter.BYTES_SPLICED);
            assertEquals(2L * CHUNKS * CHUNK_BYTES, splicedBytes + sluice.stats().sum(Counter.BYTES_COPIED));
            assertEquals(zeroCopy.equals("auto"), splicedBytes > 0);
        }
    }

    /** Sends all chunks of a seed and ends the direction. */
    private static Content send(Socket socket, long seed) throws IOException {
        Random random = new Random(seed);
        CRC32C checksum = new CRC32C();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int i = 0; i < CHUNKS; i++) {
            random.nextBytes(chunk);
            checksum.update(chunk);
            socket.getOutputStream().write(chunk);
        }
        socket.shutdownOutput();
        return new Content((long) CHUNKS * CHUNK_BYTES, checksum.getValue());
    }

    private static Content receive(InputStream in) throws IOException {
        CRC32C checksum = new CRC32C();
        byte[] chunk = new byte[CHUNK_BYTES];
        long lengthBytes = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            checksum.update(chunk, 0, count);
            lengthBytes += count;
        }
        return new Content(lengthBytes, checksum.getValue());
    }
}
