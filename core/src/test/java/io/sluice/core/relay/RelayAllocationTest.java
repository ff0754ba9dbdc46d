package io.sluice.core.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.LoopThread;
import io.sluice.core.stats.Allocation;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** A relay in steady state allocates nothing: the JVM says so of the event loop's thread. */
class RelayAllocationTest {

    private static final int MESSAGE_BYTES = 128;
    private static final int WARM_UP = 20_000;
    private static final int ROUND_TRIPS = 20_000;
    private static final long BULK_BYTES = 1L << 30;
    /** For all round trips together: the JVM may still compile a method anew, which leaves a few objects once. */
    private static final long MOST_BYTES = 1024;
    private static final int MOST_ROUNDS = 5;

    private final WorkerStats stats = new WorkerStats();

    @Test
    void passesRequestsAndAnswersWithoutAllocating() throws Exception {
        try (LoopThread thread = new LoopThread()) {
            RelayFixture relay = start(thread);
            Thread echo = Thread.ofPlatform().daemon().start(() -> echo(relay.server));
            roundTrips(relay.client, WARM_UP);
            long before = Allocation.of(thread.thread());
            roundTrips(relay.client, ROUND_TRIPS);
            long allocated = Allocation.of(thread.thread()) - before;
            assertTrue(allocated < MOST_BYTES, allocated + " bytes allocated in " + ROUND_TRIPS + " round trips");
            thread.run(() -> relay.relay().abort(Termination.KILLED_DATA));
            relay.close();
            echo.join();
        }
    }

    @Test
    void splicesWithoutAllocating() throws Exception {
        try (LoopThread thread = new LoopThread()) {
            RelayFixture relay = start(thread);
            Thread echo = Thread.ofPlatform().daemon().start(() -> stream(relay.server));
            receive(relay.client, BULK_BYTES);
            long splicedBefore = stats.get(Counter.BYTES_SPLICED);
            // As few calls move so many bytes, the compiler may take a while yet to see what is worth its work.
            long allocated = Long.MAX_VALUE;
            for (int round = 0; allocated >= MOST_BYTES && round < MOST_ROUNDS; round++) {
                long before = Allocation.of(thread.thread());
                receive(relay.client, BULK_BYTES);
                allocated = Allocation.of(thread.thread()) - before;
            }
            assertTrue(stats.get(Counter.BYTES_SPLICED) - splicedBefore > BULK_BYTES / 2, "bytes were copied");
            assertTrue(allocated < MOST_BYTES, allocated + " bytes allocated for " + BULK_BYTES);
            thread.run(() -> relay.relay().abort(Termination.KILLED_DATA));
            relay.close();
            echo.join();
        }
    }

    private RelayFixture start(LoopThread thread) throws Exception {
        return thread.call(() -> {
            Vessels vessels = new Vessels(new BufferPool(thread.loop(), 16 * 1024, 4),
                    new PipePool(thread.loop(), 2), stats);
            RelayFixture relay = new RelayFixture(thread.loop(), vessels, RelayFixture.LONG);
            relay.relay().start();
            return relay;
        });
    }

    private static void receive(Socket socket, long length) throws IOException {
        byte[] bytes = new byte[256 * 1024];
        for (long rest = length; rest > 0; ) {
            rest -= socket.getInputStream().read(bytes, 0, (int) Math.min(bytes.length, rest));
        }
    }

    private static void stream(Socket socket) {
        try {
            for (byte[] bytes = new byte[256 * 1024];;) {
                socket.getOutputStream().write(bytes);
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void roundTrips(Socket client, int count) throws IOException {
        byte[] message = new byte[MESSAGE_BYTES];
        InputStream in = client.getInputStream();
        for (int i = 0; i < count; i++) {
            client.getOutputStream().write(message);
            assertEquals(MESSAGE_BYTES, in.readNBytes(message, 0, MESSAGE_BYTES));
        }
    }

    private static void echo(Socket server) {
        byte[] message = new byte[MESSAGE_BYTES];
        try {
            while (server.getInputStream().readNBytes(message, 0, MESSAGE_BYTES) == MESSAGE_BYTES) {
                server.getOutputStream().write(message);
            }
        } catch (IOException e) {
            // The test is over.
        }
    }
}
