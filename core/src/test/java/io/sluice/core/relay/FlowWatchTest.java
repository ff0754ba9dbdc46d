package io.sluice.core.relay;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.assertReset;
import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class FlowWatchTest {

    private static final int BUFFER_BYTES = 4096;

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), BUFFER_BYTES, 4);
    private final Vessels vessels = new Vessels(buffers, new PipePool(driven.loop(), 2), new WorkerStats());
    private final StringBuilder seen = new StringBuilder();
    private RelayFixture relay;
    private Flow flow;

    @BeforeEach
    void start() throws IOException {
        relay = new RelayFixture(driven.loop(), vessels, RelayFixture.LONG);
        flow = relay.serverToClient();
        flow.watch(this::look);
        relay.relay().start();
    }

    @AfterEach
    void close() throws IOException {
        relay.relay().abort(Termination.KILLED_DATA);
        relay.close();
        driven.close();
        assertEquals(0, buffers.inUse(), "buffers leaked");
    }

    /** Drops a last '-', and has seen all with a dot. */
    private boolean look(ByteBuffer read) {
        String text = StandardCharsets.US_ASCII.decode(read.duplicate()).toString();
        seen.append(text);
        if (text.endsWith("-")) {
            read.limit(read.limit() - 1);
        }
        return text.contains(".");
    }

    @Test
    void seesAndChangesWhatTheSinkGetsUntilItHasSeenAll() throws Exception {
        fromServer("one-", 3);
        fromServer("two.", 7);
        fromServer("three-", 13);
        assertEquals("onetwo.three-", receive(relay.client, 13));
        assertEquals("one-two.", seen.toString());
    }

    @Test
    void seesAllAndSplicesOnlyAfterwards() throws Exception {
        String large = "x".repeat(20 * BUFFER_BYTES);
        fromServer(large, large.length());
        assertEquals(large, receive(relay.client, large.length()));
        assertEquals(large, seen.toString());
        assertEquals(0, vessels.stats().get(Counter.BYTES_SPLICED));
        fromServer(".", large.length() + 1);
        fromServer(large, 2 * large.length() + 1);
        assertTrue(vessels.stats().get(Counter.BYTES_SPLICED) > 0);
        assertEquals("." + large, receive(relay.client, 1 + large.length()));
    }

    @Test
    void readsOnOnlyOnceTheSinkHasTakenAll() throws Exception {
        String large = "x".repeat(16 * 1024 * 1024);
        Thread talking = Thread.ofVirtual().start(() -> {
            try {
                send(relay.server, large + ".");
                relay.server.shutdownOutput();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        driven.turnUntil(() -> flow.inFlight() != null);
        driven.turnForAWhile();
        assertEquals(1, buffers.inUse());
        Thread reading = Thread.ofVirtual().start(() -> {
            try {
                assertEquals(large + ".", receive(relay.client, large.length() + 1));
                assertEnd(relay.client);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        driven.turnUntil(() -> flow.state() == Flow.State.ENDED);
        talking.join();
        reading.join();
        assertEquals(large.length() + 1, seen.length());
    }

    @Test
    void waitsForABuffer() throws Exception {
        List<ByteBuffer> ofOthers = new ArrayList<>();
        while (buffers.inUse() < buffers.most()) {
            ofOthers.add(buffers.acquire());
        }
        send(relay.server, "hello.");
        driven.turnForAWhile();
        assertEquals(0, flow.writtenBytes());
        ofOthers.forEach(buffers::release);
        driven.turnUntil(() -> flow.writtenBytes() == 6);
        assertEquals("hello.", receive(relay.client, 6));
        assertEquals("hello.", seen.toString());
    }

    @Test
    void passesAnEndOn() throws Exception {
        fromServer("bye", 3);
        relay.server.shutdownOutput();
        driven.turnUntil(() -> flow.state() == Flow.State.ENDED);
        assertEquals("bye", receive(relay.client, 3));
        assertEnd(relay.client);
    }

    @Test
    void seesTheLastWordsOfAServerThatTakesNoMore() throws Exception {
        send(relay.client, "question");
        driven.turnUntil(() -> relay.clientToServer().writtenBytes() == 8);
        send(relay.client, "more");
        send(relay.server, "too long-");
        // With the question unread, which resets the connection.
        relay.server.close();
        driven.turnUntil(relay.end::isDone);
        assertEquals(Termination.SERVER_ABORT_DATA, relay.end.join());
        assertEquals("too long-", seen.toString());
        assertEquals("too long", receive(relay.client, 8));
        assertReset(relay.client);
    }

    private void fromServer(String text, int thenWritten) throws IOException {
        send(relay.server, text);
        driven.turnUntil(() -> flow.writtenBytes() == thenWritten);
    }
}
