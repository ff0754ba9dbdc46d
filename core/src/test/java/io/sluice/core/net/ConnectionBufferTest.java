package io.sluice.core.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.loop.HandDriven;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever waits for a buffer is told to read in its turn, unless it has changed its mind. */
class ConnectionBufferTest {

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), 4096, 1);
    private final ByteBuffer only = buffers.acquire();
    private final List<String> events = new ArrayList<>();
    private Loopback.Pair pair;
    private Connection connection;

    @BeforeEach
    void waitForABuffer() throws IOException {
        pair = Loopback.pair();
        connection = new Connection(driven.loop(), pair.near(), new Reader());
        connection.wantRead(true);
        assertNull(connection.acquireBuffer(buffers));
        assertTrue(connection.awaitsBuffer());
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        pair.far().close();
        driven.close();
    }

    @Test
    void isToldToReadOnlyOnceThereIsABuffer() throws Exception {
        Loopback.send(pair.far(), "hello");
        driven.turnForAWhile();
        assertEquals(List.of(), events);
        giveBack();
        assertEquals(List.of("hello"), events);
        assertFalse(connection.awaitsBuffer());
        Loopback.send(pair.far(), "again");
        driven.turnUntil(() -> events.equals(List.of("hello", "again")));
    }

    @Test
    void isNotToldIfItDoesNotWantToReadAnyMore() {
        connection.wantRead(false);
        giveBack();
        assertEquals(List.of(), events);
    }

    @Test
    void anotherOwnerDoesNotWait() {
        connection.owner(new Reader());
        giveBack();
        assertEquals(List.of(), events);
    }

    @Test
    void isNotToldOnceClosed() {
        connection.close();
        giveBack();
        assertEquals(List.of(), events);
    }

    @Test
    void aFailureIsItsOwnersAlone() throws Exception {
        Loopback.Pair other = Loopback.pair();
        Connection next = new Connection(driven.loop(), other.near(), new Reader());
        assertNull(next.acquireBuffer(buffers));
        connection.owner(new Reader() {

            @Override
            public void onReady(Connection ready, int readyOps) {
                throw new IllegalStateException();
            }
        });
        assertNull(connection.acquireBuffer(buffers));
        giveBack();
        assertEquals(List.of("failure", "0 bytes"), events);
        next.close();
        other.far().close();
    }

    private void giveBack() {
        buffers.release(only);
        driven.turn();
        assertEquals(0, buffers.inUse());
    }

    private class Reader implements ConnectionOwner {

        @Override
        public void onReady(Connection ready, int readyOps) {
            assertEquals(SelectionKey.OP_READ, readyOps);
            ByteBuffer buffer = ready.acquireBuffer(buffers);
            int count = ready.read(buffer);
            byte[] bytes = new byte[count];
            buffer.flip().get(bytes);
            events.add(count == 0 ? "0 bytes" : new String(bytes, US_ASCII));
            buffers.release(buffer);
        }

        @Override
        public void onFailure(Connection failed, RuntimeException failure) {
            events.add("failure");
        }
    }
}
