package io.sluice.l7.proxy;

import static org.awaitility.Awaitility.await;
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
import io.sluice.l7.route.HeaderEdits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One direction of an exchange while buffers are short. */
class MessageFlowTest {

    /** More than the kernel takes for a peer that does not read. */
    private static final int MUCH_BYTES = 32 * 1024 * 1024;

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), 16 * 1024, 1);
    private final HeadWriter writer = new HeadWriter();
    private final MessageFlow flow = new MessageFlow(
            new Vessels(buffers, new PipePool(driven.loop(), 0), new WorkerStats()), writer,
            MessageFlow.Rest.DROPPED);
    private Loopback.Pair from;
    private Loopback.Pair to;
    private Connection source;
    private Connection sink;
    private int readableEvents;

    @BeforeEach
    void connect() throws Exception {
        from = Loopback.pair();
        to = Loopback.pair();
        source = connection(from);
        sink = connection(to);
    }

    @AfterEach
    void close() {
        driven.close();
    }

    /** What waits for a buffer when an exchange ends gets one later, when the next exchange may have no use for it. */
    @Test
    void doesNotReadForABufferThatComesWhileTheSinkIsFull() throws Exception {
        ByteBuffer held = buffers.acquire();
        begin(1);
        flow.onReadable();
        flow.reset();
        begin(MUCH_BYTES);
        assertTrue(flow.isBlocked());
        Loopback.send(from.far(), "body");
        buffers.release(held);
        driven.turnForAWhile();
        assertEquals(0, readableEvents);
        assertEquals(0, buffers.inUse());
    }

    /** As long as there is nothing to read, the next exchange would keep it without need. */
    @Test
    void takesNoBufferThatTheExchangeBeforeHasWaitedFor() {
        ByteBuffer held = buffers.acquire();
        begin(1);
        flow.onReadable();
        flow.reset();
        begin(1);
        buffers.release(held);
        driven.turn();
        assertEquals(0, buffers.inUse());
    }

    /** Nothing was read into that buffer: what it holds is of another exchange. */
    @Test
    void passesNothingOnOfABufferThatComesWhileTheSinkHasNoRoom() throws Exception {
        ByteBuffer held = buffers.acquire();
        begin(1);
        flow.onReadable();
        long before = 1 + fill();
        buffers.release(held);
        driven.turn();
        Loopback.send(from.far(), "body");

        assertEquals(MessageFlow.Outcome.GOES_ON, flow.onReadable());
        assertTrue(flow.isBlocked());
        assertEquals(0, buffers.inUse());

        CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> {
            try {
                to.far().getInputStream().skipNBytes(before);
                return new String(to.far().getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        driven.turnUntil(sink::hasRoom);
        assertEquals(MessageFlow.Outcome.GOES_ON, flow.onWritable());
        assertEquals(MessageFlow.Outcome.ENDED, flow.onReadable());
        assertEquals("body", received.get(20, TimeUnit.SECONDS));
    }

    /** Writes until there is no room. @return how many bytes */
    private long fill() {
        ByteBuffer much = ByteBuffer.allocateDirect(MUCH_BYTES);
        // Acknowledgements may still come and make room.
        await().during(Duration.ofMillis(50)).until(() -> {
            sink.write(much, false);
            return !sink.hasRoom();
        });
        return much.position();
    }

    private void begin(int headBytes) {
        writer.clear().put(new byte[headBytes]);
        BodyFramer framer = new BodyFramer(HttpLimits.DEFAULT, ChunkParser.Output.CHUNKED);
        framer.begin(BodyFraming.LENGTH, 4);
        assertEquals(MessageFlow.Outcome.GOES_ON,
                flow.begin(source, sink, null, framer, MessageComposer.Shape.PLAIN, HeaderEdits.NONE));
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
