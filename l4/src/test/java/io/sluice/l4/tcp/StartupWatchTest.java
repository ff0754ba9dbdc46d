package io.sluice.l4.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Connection;
import io.sluice.core.net.Loopback;
import io.sluice.core.relay.Flow;
import io.sluice.core.relay.Relay;
import io.sluice.core.relay.SilenceLimits;
import io.sluice.core.stats.WorkerStats;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartupWatchTest {

    private static final int BUFFER_BYTES = 4096;
    private static final long LONG_NS = Duration.ofHours(1).toNanos();

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), BUFFER_BYTES, 2);

    /** A second place in line would bring it a second buffer, which it could only read over the bytes in the first. */
    @Test
    void waitsOnceForABufferHoweverOftenItIsToldOfTheServer() throws Exception {
        Loopback.Pair clientPair = Loopback.pair();
        Loopback.Pair serverPair = Loopback.pair();
        Vessels vessels = new Vessels(buffers, new PipePool(driven.loop(), 0), new WorkerStats());
        Connection client = new Connection(driven.loop(), clientPair.near(), null);
        Connection server = new Connection(driven.loop(), serverPair.near(), null);
        Flow toClient = new Flow(vessels, server);
        Relay relay = new Relay(driven.loop(), new Flow(vessels, client), toClient,
                new SilenceLimits(LONG_NS, LONG_NS, LONG_NS), _ -> { });
        relay.start();
        StartupWatch watch = new StartupWatch(buffers, client, relay, _ -> { });
        watch.start();
        int filled = fill(client);
        ByteBuffer one = buffers.acquire();
        ByteBuffer other = buffers.acquire();
        // A message of the server whose end is not in sight.
        Loopback.send(serverPair.far(), "N\0\1\0\0" + "x".repeat(2 * BUFFER_BYTES));
        watch.onReady(server, SelectionKey.OP_READ);
        watch.onReady(server, SelectionKey.OP_READ);
        buffers.release(one);
        buffers.release(other);
        driven.turnForAWhile();
        assertEquals(1, buffers.inUse());
        clientPair.far().getInputStream().readNBytes(filled);
        driven.turnUntil(() -> toClient.writtenBytes() == 5 + 2 * BUFFER_BYTES);
        assertEquals("N\0\1\0\0xx", Loopback.receive(clientPair.far(), 7));
        relay.abort(Termination.KILLED_DATA);
        clientPair.far().close();
        serverPair.far().close();
        driven.close();
    }

    /** Has the peer's socket take no more. @return the number of bytes that it took */
    private static int fill(Connection connection) {
        ByteBuffer filling = ByteBuffer.allocateDirect(64 * 1024);
        int written = 0;
        for (int count = connection.write(filling); count > 0; count = connection.write(filling.clear())) {
            written += count;
        }
        return written;
    }
}
