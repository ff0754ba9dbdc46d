package io.sluice.core.relay;

import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.send;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScarceBuffersTest {

    private static final int BUFFER_BYTES = 4096;

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), BUFFER_BYTES, 4);
    private final Vessels vessels = new Vessels(buffers, new PipePool(driven.loop(), 0), new WorkerStats());
    private final List<ByteBuffer> ofOthers = new ArrayList<>();
    private RelayFixture relay;
    private Flow flow;

    @BeforeEach
    void start() throws IOException {
        relay = new RelayFixture(driven.loop(), vessels, RelayFixture.LONG);
        flow = relay.clientToServer();
        relay.relay().start();
    }

    @AfterEach
    void close() throws IOException {
        relay.relay().abort(Termination.KILLED_DATA);
        relay.close();
        driven.close();
        assertEquals(0, buffers.inUse(), "buffers leaked");
    }

    /**
     * A full buffer lets the flow guess that more has come. As many idle connections as there are buffers could
     * otherwise keep them all.
     */
    @Test
    void keepsNoBufferForASourceThatOnlySeemsToHaveMore() throws Exception {
        takeForOthers(3);
        long sent = fillServerByWholeBuffers();
        takeForOthers(1);
        relay.server.getInputStream().skipNBytes(sent);
        driven.turnForAWhile();
        ofOthers.forEach(buffers::release);
        driven.turnForAWhile();
        assertEquals(0, buffers.inUse());
        send(relay.client, "hello");
        driven.turnUntil(() -> flow.writtenBytes() == sent + 5);
        assertEquals("hello", receive(relay.server, 5));
    }

    private void takeForOthers(int count) {
        for (int i = 0; i < count; i++) {
            ofOthers.add(buffers.acquire());
        }
    }

    private long fillServerByWholeBuffers() throws IOException {
        String piece = "x".repeat(BUFFER_BYTES);
        long sent = 0;
        while (relay.serverHasRoom()) {
            send(relay.client, piece);
            sent += piece.length();
            long written = sent;
            driven.turnUntil(() -> flow.writtenBytes() == written);
        }
        return sent;
    }
}
