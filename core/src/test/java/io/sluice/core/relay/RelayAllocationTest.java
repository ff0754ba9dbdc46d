package io.sluice.core.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.core.buffer.BufferPool;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.LoopThread;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A relay in steady state allocates nothing: the JVM says so of the event loop's thread. */
class RelayAllocationTest {

    private static final int MESSAGE_BYTES = 128;
    private static final int WARM_UP = 20_000;
    private static final int ROUND_TRIPS = 20_000;
    /** For all round trips together: the JVM may still compile a method anew, which leaves a few objects behind once. */
    private static final long MOST_BYTES = 1024;

    /** @param otherDescriptors opened first, as the selector boxes descriptors to look channels up (see ./sluice) */
    @ParameterizedTest
    @ValueSource(ints = {0, 600})
    void passesRequestsAndAnswersWithoutAllocating(int otherDescriptors) throws Exception {
        List<Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < otherDescriptors / 2; i++) {
            pipes.add(Pipe.open());
        }
        try (LoopThread thread = new LoopThread()) {
            BufferPool buffers = new BufferPool(thread.loop(), 16 * 1024, 4);
            RelayFixture relay = thread.call(() -> new RelayFixture(thread.loop(), buffers, RelayFixture.LONG));
            thread.run(() -> relay.relay().start());
            Thread echo = Thread.ofPlatform().daemon().start(() -> echo(relay.server));
            roundTrips(relay.client, WARM_UP);
            long before = allocatedBytes(thread);
            roundTrips(relay.client, ROUND_TRIPS);
            long allocated = allocatedBytes(thread) - before;
            assertTrue(allocated < MOST_BYTES, allocated + " bytes allocated in " + ROUND_TRIPS + " round trips");
            thread.run(() -> relay.relay().abort(Termination.KILLED_DATA));
            relay.close();
            echo.join();
        }
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    private static long allocatedBytes(LoopThread thread) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertTrue(threads.isThreadAllocatedMemoryEnabled());
        return threads.getThreadAllocatedBytes(thread.thread().threadId());
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
