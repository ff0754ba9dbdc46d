package io.sluice.core.relay;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.assertReset;
import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.reset;
import static io.sluice.core.net.Loopback.send;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.LoopThread;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without pipes, with too few and with enough: bytes are copied, or spliced whenever they come in bulk. */
@ParameterizedClass
@ValueSource(ints = {0, 1, 64})
class RelayTest {

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int LARGE_BYTES = 64 * 1024 * 1024;

    private final LoopThread thread = new LoopThread();
    private final List<RelayFixture> relays = new ArrayList<>();
    private final int mostPipes;
    private Vessels vessels;
    private int mostInUse;

    RelayTest(int mostPipes) {
        this.mostPipes = mostPipes;
        makeVessels(64);
    }

    private void makeVessels(int mostBuffers) {
        vessels = new Vessels(new BufferPool(thread.loop(), BUFFER_BYTES, mostBuffers),
                new PipePool(thread.loop(), mostPipes), new WorkerStats());
    }

    private int inUse() {
        return vessels.buffers().inUse() + vessels.pipes().inUse();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (RelayFixture relay : relays) {
            thread.run(() -> relay.relay().abort(Termination.KILLED_DATA));
            relay.close();
        }
        int inUse = thread.call(this::inUse);
        thread.run(vessels.pipes()::close);
        thread.close();
        assertEquals(0, inUse, "buffers or pipes leaked");
        assertEquals(0, vessels.pipes().open(), "pipes leaked");
    }

    @Test
    void passesEveryChunkingOfASmallMessageBothWays() throws Exception {
        String message = "chunks";
        RelayFixture relay = start();
        for (int cuts = 0; cuts < 1 << (message.length() - 1); cuts++) {
            passInChunks(relay.client, relay.server, message, cuts);
            passInChunks(relay.server, relay.client, message, cuts);
        }
    }

    /** Bit n of {@code cuts}: whether the message is cut behind its byte n. Each chunk arrives before the next goes. */
    private static void passInChunks(Socket from, Socket to, String message, int cuts) throws IOException {
        int start = 0;
        for (int end = 1; end <= message.length(); end++) {
            if (end == message.length() || (cuts >> (end - 1) & 1) == 1) {
                String chunk = message.substring(start, end);
                send(from, chunk);
                assertEquals(chunk, receive(to, chunk.length()));
                start = end;
            }
        }
    }

    @Test
    void servesAServerThatSpeaksFirst() throws Exception {
        RelayFixture relay = start();
        send(relay.server, "welcome");
        assertEquals("welcome", receive(relay.client, 7));
    }

    @Test
    void passesWhatIsBehindAnUrgentByte() throws Exception {
        RelayFixture relay = start();
        relay.client.getOutputStream().write("be".getBytes(ISO_8859_1));
        relay.client.sendUrgentData('!');
        relay.client.getOutputStream().write("hind".getBytes(ISO_8859_1));
        assertEquals("behind", receive(relay.server, 6));
    }

    @Test
    void feedsAPeerThatReadsOneByteAtATime() throws Exception {
        RelayFixture relay = start();
        relay.server.setReceiveBufferSize(1);
        int length = 3 * BUFFER_BYTES + 1;
        Future<Long> sent = inBackground(() -> Crc.send(relay.client, length, 1));
        Crc received = new Crc();
        byte[] one = new byte[1];
        while (relay.server.getInputStream().read(one) == 1) {
            received.update(one, 1);
        }
        assertEquals(sent.get(20, TimeUnit.SECONDS), received.value());
        assertEquals(length, received.length());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 64})
    void passesALotBothWaysAtOnceWithTwoBuffers(int most) throws Exception {
        makeVessels(most);
        RelayFixture relay = start();
        watchBuffers();
        Future<Long> up = inBackground(() -> Crc.send(relay.client, LARGE_BYTES, 1));
        Future<Long> down = inBackground(() -> Crc.send(relay.server, LARGE_BYTES, 2));
        Future<Crc> atServer = inBackground(() -> Crc.receive(relay.server));
        Crc atClient = Crc.receive(relay.client);
        assertEquals(LARGE_BYTES, atClient.length());
        assertEquals(LARGE_BYTES, atServer.get(60, TimeUnit.SECONDS).length());
        assertEquals(up.get(20, TimeUnit.SECONDS), atServer.get().value());
        assertEquals(down.get(20, TimeUnit.SECONDS), atClient.value());
        assertEquals(Termination.NORMAL, relay.awaitEnd());
        assertEquals(LARGE_BYTES, relay.clientToServer().writtenBytes());
        assertEquals(LARGE_BYTES, relay.serverToClient().writtenBytes());
        long splicedBytes = vessels.stats().get(Counter.BYTES_SPLICED);
        assertEquals(2 * LARGE_BYTES, vessels.stats().get(Counter.BYTES_COPIED) + splicedBytes);
        assertEquals(mostPipes > 0, splicedBytes > 0);
        assertTrue(mostInUse <= 2, "buffers and pipes in use: " + mostInUse);
    }

    @Test
    void stopsReadingWhileTheOtherSideDoesNotAndLosesNothing() throws Exception {
        RelayFixture relay = start();
        watchBuffers();
        Future<Long> sent = inBackground(() -> Crc.send(relay.client, LARGE_BYTES, 3));
        awaitBlocked(relay.clientToServer());
        assertFalse(sent.isDone(), "the writer went on although nobody reads");
        assertEquals(1, thread.call(this::inUse));
        send(relay.server, "the other direction");
        assertEquals("the other direction", receive(relay.client, 19));
        Crc received = Crc.receive(relay.server);
        assertEquals(sent.get(20, TimeUnit.SECONDS), received.value());
        assertEquals(LARGE_BYTES, received.length());
        assertTrue(mostInUse <= 2, "buffers and pipes in use: " + mostInUse);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void carriesTheEndOfOneDirectionAndLetsTheOtherGoOn(boolean clientEndsFirst) throws Exception {
        RelayFixture relay = start();
        Socket first = clientEndsFirst ? relay.client : relay.server;
        Socket second = clientEndsFirst ? relay.server : relay.client;
        send(first, "question");
        first.shutdownOutput();
        assertEquals("question", receive(second, 8));
        assertEnd(second);
        for (int i = 0; i < 1000; i++) {
            send(second, "answer");
            assertEquals("answer", receive(first, 6));
        }
        assertFalse(relay.end.isDone());
        second.shutdownOutput();
        assertEnd(first);
        assertEquals(Termination.NORMAL, relay.awaitEnd());
    }

    @Test
    void carriesBothEnds() throws Exception {
        RelayFixture relay = start();
        relay.client.shutdownOutput();
        relay.server.shutdownOutput();
        assertEnd(relay.client);
        assertEnd(relay.server);
        assertEquals(Termination.NORMAL, relay.awaitEnd());
    }

    @Test
    void writesAllBeforeTheEndAlthoughThePeerReadsLate() throws Exception {
        RelayFixture relay = start();
        Future<Long> sent = inBackground(() -> Crc.send(relay.client, 8 * 1024 * 1024, 4));
        awaitBlocked(relay.clientToServer());
        Crc received = Crc.receive(relay.server);
        assertEquals(sent.get(20, TimeUnit.SECONDS), received.value());
        assertEquals(8 * 1024 * 1024, received.length());
    }

    @ParameterizedTest
    @CsvSource({"true, CLIENT_ABORT_DATA", "false, SERVER_ABORT_DATA"})
    void carriesAResetOfAnIdleConnection(boolean byClient, Termination termination) throws Exception {
        RelayFixture relay = start();
        send(relay.client, "hello");
        receive(relay.server, 5);
        reset(byClient ? relay.client : relay.server);
        assertReset(byClient ? relay.server : relay.client);
        assertEquals(termination, relay.awaitEnd());
    }

    /** The reset is an end in good order then, as its sender was sent all that the other side had to say. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void carriesAResetByTheSideThatStillSpeaksAfterAHalfClose(boolean byClient) throws Exception {
        RelayFixture relay = start();
        Socket resetting = byClient ? relay.client : relay.server;
        Socket other = byClient ? relay.server : relay.client;
        other.shutdownOutput();
        assertEnd(resetting);
        reset(resetting);
        assertReset(other);
        assertEquals(Termination.NORMAL, relay.awaitEnd());
    }

    /** Nothing is asked of a connection whose stream has ended, so the reset shows with the next bytes for it. */
    @ParameterizedTest
    @CsvSource({"true, CLIENT_ABORT_DATA", "false, SERVER_ABORT_DATA"})
    void carriesAResetByTheSideThatHasEndedItsDirectionWithTheNextBytes(boolean byClient, Termination termination)
            throws Exception {
        RelayFixture relay = start();
        Socket resetting = byClient ? relay.client : relay.server;
        Socket other = byClient ? relay.server : relay.client;
        resetting.shutdownOutput();
        assertEnd(other);
        reset(resetting);
        send(other, "are you there?");
        assertEquals(termination, relay.awaitEnd());
        assertTrue(failed(inBackground(() -> Crc.send(other, LARGE_BYTES, 7))), "writing goes on after the reset");
    }

    @ParameterizedTest
    @CsvSource({"true, CLIENT_ABORT_DATA", "false, SERVER_ABORT_DATA"})
    void carriesAResetByTheSideThatDoesNotRead(boolean byClient, Termination termination) throws Exception {
        RelayFixture relay = start();
        Socket resetting = byClient ? relay.client : relay.server;
        Socket writing = byClient ? relay.server : relay.client;
        Future<Long> sent = inBackground(() -> Crc.send(writing, LARGE_BYTES, 5));
        awaitBlocked(byClient ? relay.serverToClient() : relay.clientToServer());
        reset(resetting);
        assertEquals(termination, relay.awaitEnd());
        assertTrue(failed(sent), "the writer learns nothing of the reset");
    }

    /** The reader of a blocked flow is not read from; its reset shows when the other side reads again. */
    @ParameterizedTest
    @CsvSource({"true, CLIENT_ABORT_DATA", "false, SERVER_ABORT_DATA"})
    void carriesAResetByABlockedWriterOnceTheOtherSideReads(boolean byClient, Termination termination)
            throws Exception {
        RelayFixture relay = start();
        Socket writing = byClient ? relay.client : relay.server;
        Socket reading = byClient ? relay.server : relay.client;
        Future<Long> sent = inBackground(() -> Crc.send(writing, LARGE_BYTES, 6));
        awaitBlocked(byClient ? relay.clientToServer() : relay.serverToClient());
        reset(writing);
        assertTrue(failed(sent));
        assertTrue(failed(inBackground(() -> Crc.receive(reading))), "the reader sees an end instead of a reset");
        assertEquals(termination, relay.awaitEnd());
    }

    @Test
    void makesProgressWithManyRelaysOnOneBuffer() throws Exception {
        makeVessels(1);
        List<Future<Long>> sent = new ArrayList<>();
        List<Future<Crc>> received = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RelayFixture relay = start();
            int seed = i;
            sent.add(inBackground(() -> Crc.send(relay.client, 1024 * 1024, seed)));
            sent.add(inBackground(() -> Crc.send(relay.server, 1024 * 1024, seed + 100)));
            received.add(inBackground(() -> Crc.receive(relay.server)));
            received.add(inBackground(() -> Crc.receive(relay.client)));
        }
        for (int i = 0; i < sent.size(); i++) {
            assertEquals(sent.get(i).get(60, TimeUnit.SECONDS), received.get(i).get(60, TimeUnit.SECONDS).value());
        }
        for (RelayFixture relay : relays) {
            assertEquals(Termination.NORMAL, relay.awaitEnd());
        }
    }

    @Test
    void leavesBuffersToOthersHoweverManySinksTakeNothing() throws Exception {
        makeVessels(4);
        List<Future<Long>> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            RelayFixture stuck = start();
            int seed = i;
            sent.add(inBackground(() -> Crc.send(stuck.client, LARGE_BYTES / 4, seed)));
        }
        awaitStandstill();
        RelayFixture other = start();
        send(other.client, "question");
        assertEquals("question", receive(other.server, 8));
        for (int i = 0; i < 6; i++) {
            Crc received = Crc.receive(relays.get(i).server);
            assertEquals(sent.get(i).get(20, TimeUnit.SECONDS), received.value());
        }
    }

    private RelayFixture start() throws Exception {
        RelayFixture relay = thread.call(() -> {
            RelayFixture made = new RelayFixture(thread.loop(), vessels, RelayFixture.LONG);
            made.relay().start();
            return made;
        });
        relays.add(relay);
        return relay;
    }

    /** Looks at the end of every cycle how many buffers and pipes hold bytes. The loop does not sleep from here on. */
    private void watchBuffers() throws Exception {
        Runnable[] look = new Runnable[1];
        look[0] = () -> {
            mostInUse = Math.max(mostInUse, inUse());
            thread.loop().defer(look[0]);
        };
        thread.run(look[0]);
    }

    /** Waits until no server is sent any more: looked at several times, nothing has moved since the first bytes. */
    private void awaitStandstill() throws Exception {
        long written = 0;
        for (int standing = 0; standing < 20; ) {
            long writtenNow = thread.call(() -> relays.stream()
                    .mapToLong(relay -> relay.clientToServer().writtenBytes()).sum());
            standing = writtenNow > 0 && writtenNow == written ? standing + 1 : 0;
            written = writtenNow;
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Waits until the flow holds bytes that its sink does not take: looked at several times, nothing has moved. */
    private void awaitBlocked(Flow flow) throws Exception {
        long written = -1;
        for (int standing = 0; standing < 20; ) {
            long writtenNow = thread.call(flow::writtenBytes);
            boolean holds = thread.call(this::inUse) > 0;
            standing = holds && writtenNow == written ? standing + 1 : 0;
            written = writtenNow;
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static boolean failed(Future<?> future) throws Exception {
        try {
            future.get(20, TimeUnit.SECONDS);
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof IOException;
        }
    }

    private static <T> Future<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}
