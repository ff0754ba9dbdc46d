package io.sluice.core.relay;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.assertReset;
import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.send;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Loopback;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a relay makes of bytes behind which the end has come already. */
@EnabledOnOs(OS.LINUX)
class LastBytesTest {

    private static final int BUFFER_BYTES = 4096;

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), BUFFER_BYTES, 4);
    private RelayFixture relay;

    @BeforeEach
    void start() throws IOException {
        Vessels vessels = new Vessels(buffers, new PipePool(driven.loop(), 0), new WorkerStats());
        relay = new RelayFixture(driven.loop(), vessels, RelayFixture.LONG);
        relay.start();
        driven.turn();
    }

    @AfterEach
    void close() throws IOException {
        relay.relay().abort(Termination.KILLED_DATA);
        relay.close();
        assertEquals(0, buffers.inUse(), "buffers leaked");
        assertEquals(0, driven.loop().timers().size(), "a timer keeps the relay");
        driven.close();
    }

    @Test
    void sendsThemTogetherWithTheEnd() throws Exception {
        int before = relay.segmentsToClient();
        send(relay.server, "bye");
        endServer();
        driven.turn();
        assertEquals(1, relay.segmentsToClient() - before);
        assertEquals("bye", receive(relay.client, 3));
        assertEnd(relay.client);
    }

    @Test
    void holdsNothingBackAsLongAsThereIsNoEnd() throws Exception {
        send(relay.server, "so long");
        driven.turnUntil(() -> available() == 7);
        endServer();
        driven.turn();
        assertEquals("so long", receive(relay.client, 7));
        assertEnd(relay.client);
    }

    @Test
    void givesOthersTheirTurnAfterManyReads() throws Exception {
        send(relay.server, "x".repeat(12 * BUFFER_BYTES));
        driven.turnUntil(() -> relay.serverToClient().writtenBytes() > 0);
        assertEquals(8 * BUFFER_BYTES, relay.serverToClient().writtenBytes());
    }

    @Test
    void hearsNothingMoreOfASideThatHasEnded() throws Exception {
        relay.client.shutdownOutput();
        driven.turnUntil(() -> relay.clientToServer().state() == Flow.State.ENDED);
        int told = relay.told();
        driven.turnForAWhile();
        assertEquals(told, relay.told());
    }

    @Test
    void endsBehindMoreThanFitsIntoABuffer() throws Exception {
        for (int length : new int[] {BUFFER_BYTES, BUFFER_BYTES + 1, 20 * BUFFER_BYTES}) {
            String bytes = "x".repeat(length);
            send(relay.server, bytes);
            if (length > 2 * BUFFER_BYTES) {
                relay.server.shutdownOutput();
            }
            driven.turnUntil(() -> available() >= length);
            assertEquals(bytes, receive(relay.client, length));
        }
        driven.turnUntil(() -> relay.serverToClient().state() == Flow.State.ENDED);
        assertEnd(relay.client);
    }

    @Test
    void sendsWhatCameBeforeAReset() throws Exception {
        send(relay.server, "refused");
        Loopback.reset(relay.server);
        driven.turnUntil(relay.end::isDone);
        assertEquals("refused", receive(relay.client, 7));
        assertReset(relay.client);
    }

    @Test
    void sendsTheLastWordsOfAServerThatTakesNoMore() throws Exception {
        send(relay.client, "question");
        driven.turnUntil(() -> relay.clientToServer().writtenBytes() == 8);
        // The client comes first in the next cycle.
        send(relay.client, "more");
        send(relay.server, "too long");
        // With the question unread, which resets the connection.
        relay.server.close();
        driven.turnUntil(relay.end::isDone);
        assertEquals(Termination.SERVER_ABORT_DATA, relay.end.join());
        assertEquals("too long", receive(relay.client, 8));
        assertReset(relay.client);
    }

    @Test
    void leavesTheLastWordsToAClientThatHasNotTakenTheFirst() throws Exception {
        relay.client.setReceiveBufferSize(1);
        Thread talking = Thread.ofVirtual().start(() -> {
            try {
                send(relay.server, "x".repeat(8 * 1024 * 1024));
            } catch (IOException e) {
                assertTrue(relay.server.isClosed(), e::toString);
            }
        });
        driven.turnUntil(() -> relay.serverToClient().inFlight() != null);
        Loopback.reset(relay.server);
        talking.join();
        send(relay.client, "more");
        driven.turnUntil(relay.end::isDone);
        assertEquals(Termination.SERVER_ABORT_DATA, relay.end.join());
    }

    private void endServer() throws IOException {
        relay.server.shutdownOutput();
        await().until(relay::isServersEndHere);
    }

    private int available() {
        try {
            return relay.client.getInputStream().available();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
