package io.sluice.core.relay;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.reset;
import static io.sluice.core.net.Loopback.send;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.loop.ReadyHandler;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    private static final int BUFFER_BYTES = 4096;

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), BUFFER_BYTES, 2);
    private final Vessels vessels = new Vessels(buffers, new PipePool(driven.loop(), 0), new WorkerStats());
    private RelayFixture relay;
    private Flow flow;

    @BeforeEach
    void start() throws IOException {
        relay = new RelayFixture(driven.loop(), vessels, RelayFixture.LONG);
        flow = relay.clientToServer();
        flow.start();
    }

    @AfterEach
    void close() throws IOException {
        relay.relay().abort(Termination.KILLED_DATA);
        relay.close();
        driven.turn();
        driven.close();
        assertEquals(0, buffers.inUse(), "buffers leaked");
    }

    @Test
    void keepsDataForTheSink() throws Exception {
        send(relay.client, "hel");
        driven.turnUntil(() -> ahead().equals("hel"));
        send(relay.client, "lo");
        driven.turnUntil(() -> ahead().equals("hello"));
        relay.relay().start();
        assertEquals("hello", receive(relay.server, 5));
        assertEquals(0, buffers.inUse());
        goesOn();
    }

    /** As many clients may wait for their servers as there are buffers, and those that have one need buffers, too. */
    @Test
    void leavesTheReserveToOthers() throws Exception {
        ByteBuffer onlySpare = buffers.acquireSpare();
        send(relay.client, "hello");
        int told = relay.told();
        driven.turnUntil(() -> relay.told() > told);
        driven.turnForAWhile();
        assertEquals(1, buffers.inUse());
        assertEquals(told + 1, relay.told(), "it is told of bytes that it has no room for");
        relay.relay().start();
        CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> receiveAll(5));
        driven.turnUntil(received::isDone);
        assertEquals("hello", received.get());
        buffers.release(onlySpare);
    }

    /** Otherwise a client that has gone would keep its place in the queue. */
    @Test
    void readsAheadOnceABufferCanBeSpared() throws Exception {
        ByteBuffer onlySpare = buffers.acquireSpare();
        send(relay.client, "hello");
        relay.client.shutdownOutput();
        int told = relay.told();
        driven.turnUntil(() -> relay.told() > told);
        driven.turnForAWhile();
        assertEquals(Flow.State.OPEN, flow.state());
        buffers.release(onlySpare);
        driven.turnUntil(() -> flow.state() == Flow.State.LAST_BYTES);
        assertEquals("hello", ahead());
    }

    @Test
    void keepsDataAndTheEnd() throws Exception {
        send(relay.client, "hello");
        relay.client.shutdownOutput();
        driven.turnUntil(() -> flow.state() == Flow.State.LAST_BYTES);
        assertEquals("hello", ahead());
        relay.relay().start();
        assertEquals("hello", receive(relay.server, 5));
        assertEnd(relay.server);
        assertEquals(Flow.State.ENDED, flow.state());
    }

    @Test
    void keepsTheEndAloneWithoutABuffer() throws Exception {
        relay.client.shutdownOutput();
        driven.turnUntil(() -> flow.state() == Flow.State.LAST_BYTES);
        assertEquals(0, buffers.inUse());
        relay.relay().start();
        assertEnd(relay.server);
    }

    @Test
    void stopsAtOneBuffer() throws Exception {
        String much = "0123456789".repeat(BUFFER_BYTES / 2);
        send(relay.client, much);
        driven.turnUntil(() -> ahead().length() == BUFFER_BYTES);
        int told = relay.told();
        driven.turnForAWhile();
        assertEquals(told, relay.told(), "it is told of bytes that it has no room for");
        assertEquals(1, buffers.inUse());
        CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> receiveAll(much.length()));
        relay.relay().start();
        driven.turnUntil(received::isDone);
        assertEquals(much, received.get());
    }

    @Test
    void putsFirstWhatSomeoneElseHasRead() throws Exception {
        ByteBuffer received = buffers.acquire();
        received.put("PROXY hello".getBytes(ISO_8859_1)).flip().position(6);
        flow.preload(received);
        send(relay.client, " world");
        driven.turnUntil(() -> ahead().equals("hello world"));
        relay.relay().start();
        assertEquals("hello world", receive(relay.server, 11));
    }

    /** The client's bytes were told of before, but as its server takes none they have no place to go any more. */
    @Test
    void losesNothingIfTheSinkComesInTheCycleInWhichTheClientSendsMore() throws Exception {
        int filling = relay.fillServer();
        send(relay.client, "hello");
        driven.turnUntil(() -> ahead().equals("hello"));
        send(relay.client, " world");
        onServerEvent(() -> relay.relay().start());
        driven.turn();
        CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> receiveAll(filling + 11));
        driven.turnUntil(received::isDone);
        assertEquals("hello world", received.get().substring(filling));
    }

    /** The client has ended, but its server does not take its last words yet: the relay goes on for a while. */
    @Test
    void tellsTheClientOfTheServersEndAlthoughItHasEndedItselfBefore() throws Exception {
        relay.server.setReceiveBufferSize(1);
        driven.turnUntil(() -> relay.fillServer() == 0);
        send(relay.client, "hello");
        relay.client.shutdownOutput();
        driven.turnUntil(() -> flow.state() == Flow.State.LAST_BYTES);
        relay.relay().start();
        relay.server.shutdownOutput();
        driven.turnUntil(() -> relay.serverToClient().state() != Flow.State.OPEN);
        assertEnd(relay.client);
        assertEquals(Flow.State.LAST_BYTES, flow.state());
    }

    @Test
    void tellsOfAReset() throws Exception {
        send(relay.client, "hello");
        driven.turnUntil(() -> ahead().equals("hello"));
        reset(relay.client);
        driven.turnUntil(relay.end::isDone);
        assertEquals(Termination.CLIENT_ABORT_CONNECT, relay.end.get());
    }

    @Test
    void waitsOnceForABufferAlthoughItIsStartedAgainAndTheSinkComesMeanwhile() throws Exception {
        ByteBuffer first = buffers.acquire();
        ByteBuffer second = buffers.acquire();
        send(relay.client, "hello");
        driven.turnForAWhile();
        flow.start();
        driven.turn();
        relay.relay().start();
        driven.turnForAWhile();
        buffers.release(first);
        buffers.release(second);
        driven.turnUntil(() -> flow.writtenBytes() == 5);
        assertEquals("hello", receive(relay.server, 5));
        assertEquals(0, buffers.inUse(), "a flow without bytes in flight holds a buffer");
    }

    @Test
    void takesNoBufferThatComesAfterItsEnd() throws Exception {
        relay.relay().start();
        ByteBuffer first = buffers.acquire();
        ByteBuffer second = buffers.acquire();
        send(relay.client, "hello");
        driven.turnForAWhile();
        flow.close();
        buffers.release(first);
        buffers.release(second);
        driven.turn();
        assertEquals(0, buffers.inUse());
    }

    /** Has something happen in the next cycle before clients' turn. */
    private void onServerEvent(Runnable event) throws IOException {
        Pipe pipe = Pipe.open();
        pipe.sink().close();
        pipe.source().configureBlocking(false);
        driven.loop().register(pipe.source(), SelectionKey.OP_READ, new ReadyHandler() {

            @Override
            public void onReady(int readyOps) {
                event.run();
                close();
            }

            @Override
            public boolean comesFirst() {
                return true;
            }

            @Override
            public void onFailure(RuntimeException failure) {
                close();
            }

            private void close() {
                try {
                    pipe.source().close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private void goesOn() throws IOException {
        long before = flow.writtenBytes();
        send(relay.client, "more");
        driven.turnUntil(() -> flow.writtenBytes() == before + 4);
        assertEquals("more", receive(relay.server, 4));
    }

    private String ahead() {
        ByteBuffer bytes = flow.inFlight();
        return bytes == null ? "" : ISO_8859_1.decode(bytes.duplicate()).toString();
    }

    private String receiveAll(int count) {
        try {
            return receive(relay.server, count);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
