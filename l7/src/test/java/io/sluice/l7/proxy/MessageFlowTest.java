package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.Loopback;
import io.sluice.core.stats.WorkerStats;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.BodyFraming;
import io.sluice.l7.http.ChunkParser;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HttpLimits;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One direction of an exchange while buffers are short. */
class MessageFlowTest {

    /** More than the kernel takes for a peer that does not read. */
    private static final int MUCH_BYTES = 32 * 1024 * 1024;

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), 16 * 1024, 1);
    private final HeadWriter writer = new HeadWriter();
    private final MessageFlow flow = new MessageFlow(
            new Vessels(buffers, new PipePool(driven.loop(), 0), new WorkerStats()), writer);
    private int readableEvents;

    @AfterEach
    void close() {
        driven.close();
    }

    /** What waits for a buffer when an exchange ends gets one later, when the next exchange may have no use for it. */
    @Test
    void doesNotReadForABufferThatComesWhileTheSinkIsFull() throws Exception {
        Loopback.Pair from = Loopback.pair();
        Loopback.Pair to = Loopback.pair();
        Connection source = connection(from);
        Connection sink = connection(to);
        ByteBuffer held = buffers.acquire();
        begin(source, sink, 1);
        flow.onReadable();
        flow.reset();
        begin(source, sink, MUCH_BYTES);
        assertTrue(flow.isBlocked());
        Loopback.send(from.far(), "body");
        buffers.release(held);
        driven.turnForAWhile();
        assertEquals(0, readableEvents);
        assertEquals(0, buffers.inUse());
    }

    private void begin(Connection source, Connection sink, int headBytes) {
        writer.clear().put(new byte[headBytes]);
        BodyFramer framer = new BodyFramer(HttpLimits.DEFAULT, ChunkParser.Output.CHUNKED);
        framer.begin(BodyFraming.LENGTH, 4);
        assertEquals(MessageFlow.Outcome.GOES_ON,
                flow.begin(source, sink, null, framer, MessageComposer.Shape.PLAIN));
    }

    private Connection connection(Loopback.Pair pair) {
        return new Connection(driven.loop(), pair.near(), new ConnectionOwner() {
            @Override
            public void onReady(Connection ready, int readyOps) {
                readableEvents += readyOps & SelectionKey.OP_READ;
            }

            @Override
            public void onFailure(Connection failed, RuntimeException failure) {
                throw failure;
            }
        });
    }
}
