package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.Loopback;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client sends while its request is being served. */
class ClientInputTest {

    private static final int BUFFER_BYTES = 4096;

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), BUFFER_BYTES, 4);
    private Loopback.Pair client;
    private ClientInput input;
    private int events;

    @BeforeEach
    void connect() throws Exception {
        client = Loopback.pair();
        Connection connection = new Connection(driven.loop(), client.near(), new ConnectionOwner() {
            @Override
            public void onReady(Connection ready, int readyOps) {
                assertEquals(SelectionKey.OP_READ, readyOps);
                events++;
                input.readAhead();
            }

            @Override
            public void onFailure(Connection failed, RuntimeException failure) {
                throw failure;
            }
        });
        input = new ClientInput(connection, buffers);
        connection.wantRead(true);
    }

    @AfterEach
    void close() {
        driven.close();
    }

    /** The end would be reported in each cycle, for as long as the request takes. */
    @Test
    void asksForNothingBehindTheEnd() throws Exception {
        Loopback.send(client.far(), "next");
        driven.turnUntil(() -> !input.isEmpty());
        client.far().shutdownOutput();
        driven.turnUntil(() -> events == 2);
        driven.turnForAWhile();
        assertEquals(2, events);
        assertTrue(input.isEnded());
        assertEquals(4, input.bytes().remaining());
    }

    @Test
    void asksForNothingThatItHasNoRoomFor() throws Exception {
        Loopback.send(client.far(), "x".repeat(2 * BUFFER_BYTES));
        driven.turnUntil(() -> !input.isEmpty() && input.bytes().limit() == BUFFER_BYTES);
        int before = events;
        driven.turnForAWhile();
        assertEquals(before, events);
        assertEquals(1, buffers.inUse());
    }
}
