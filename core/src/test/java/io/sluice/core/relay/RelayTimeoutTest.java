package io.sluice.core.relay;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.assertReset;
import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayTimeoutTest {

    private static final Duration ALMOST = Duration.ofSeconds(1).minusNanos(1);
    private static final Duration REST = Duration.ofNanos(1);

    private final HandDriven driven = new HandDriven();
    private final BufferPool buffers = new BufferPool(driven.loop(), 4096, 4);
    private final Vessels vessels = new Vessels(buffers, new PipePool(driven.loop(), 0), new WorkerStats());
    private RelayFixture relay;

    @AfterEach
    void close() throws IOException {
        relay.relay().abort(Termination.KILLED_DATA);
        relay.close();
        driven.close();
        assertEquals(0, buffers.inUse());
        assertEquals(0, driven.loop().timers().size(), "timers leaked");
    }

    @Test
    void resetsBothWhenTheClientIsSilentForTooLong() throws Exception {
        start(1, 10, 10);
        driven.pass(ALMOST);
        assertFalse(relay.end.isDone());
        driven.pass(REST);
        assertEquals(Termination.CLIENT_TIMEOUT_DATA, relay.end.getNow(null));
        driven.turn();
        assertReset(relay.client);
        assertReset(relay.server);
    }

    @Test
    void resetsBothWhenTheServerIsSilentForTooLong() throws Exception {
        start(10, 1, 10);
        driven.pass(ALMOST);
        assertFalse(relay.end.isDone());
        driven.pass(REST);
        assertEquals(Termination.SERVER_TIMEOUT_DATA, relay.end.getNow(null));
        driven.turn();
        assertReset(relay.client);
        assertReset(relay.server);
    }

    /** A client may have waited for its server for long, with no reason to send more. */
    @Test
    void countsNoSilenceFromBeforeTheStart() throws Exception {
        relay = new RelayFixture(driven.loop(), vessels, seconds(1, 10, 10));
        relay.clientToServer().start();
        driven.pass(Duration.ofSeconds(5));
        relay.start();
        driven.pass(ALMOST);
        assertFalse(relay.end.isDone());
        driven.pass(REST);
        assertEquals(Termination.CLIENT_TIMEOUT_DATA, relay.end.getNow(null));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void startsAnewWithBytesInEitherDirection(boolean fromClient) throws Exception {
        start(1, 1, 10);
        for (int i = 0; i < 5; i++) {
            driven.pass(ALMOST);
            pass(fromClient ? relay.client : relay.server, fromClient ? relay.server : relay.client);
        }
        driven.pass(ALMOST);
        assertFalse(relay.end.isDone());
        driven.pass(REST);
        assertEquals(Termination.CLIENT_TIMEOUT_DATA, relay.end.getNow(null));
    }

    @ParameterizedTest
    @CsvSource({"true, SERVER_TIMEOUT_DATA", "false, CLIENT_TIMEOUT_DATA"})
    void allowsAHalfClosedConnectionItsOwnSilence(boolean byClient, Termination termination) throws Exception {
        start(5, 5, 1);
        Socket ended = byClient ? relay.client : relay.server;
        Socket open = byClient ? relay.server : relay.client;
        Flow flow = byClient ? relay.clientToServer() : relay.serverToClient();
        driven.pass(Duration.ofSeconds(3));
        pass(open, ended);
        ended.shutdownOutput();
        driven.turnUntil(() -> flow.state() == Flow.State.ENDED);
        assertEnd(open);
        for (int i = 0; i < 5; i++) {
            driven.pass(ALMOST);
            pass(open, ended);
        }
        driven.pass(ALMOST);
        assertFalse(relay.end.isDone());
        driven.pass(REST);
        assertEquals(termination, relay.end.getNow(null));
    }

    /** A vanished server is noticed, although nothing is sent; short relays are spared the system calls. */
    @Test
    void keepsTheServersConnectionAliveOnceTheRelayLasts() throws Throwable {
        start(3600, 3600, 3600);
        driven.pass(Duration.ofSeconds(10).minusNanos(1));
        assertFalse(relay.keepsServerAlive());
        driven.pass(REST);
        assertTrue(relay.keepsServerAlive());
        assertFalse(relay.end.isDone());
    }

    @Test
    void keepsTheServersConnectionAliveAlsoIfOneDirectionEndsBefore() throws Throwable {
        start(3600, 3600, 3600);
        relay.client.shutdownOutput();
        driven.turnUntil(() -> relay.clientToServer().state() == Flow.State.ENDED);
        driven.pass(Duration.ofSeconds(10));
        assertTrue(relay.keepsServerAlive());
    }

    /** A pager that a database client is stopped in, say, is no silence of the server's, which is not read. */
    @ParameterizedTest
    @CsvSource({"true, 10, 1, SERVER_TIMEOUT_DATA", "false, 1, 10, CLIENT_TIMEOUT_DATA"})
    void isNotTheSilenceOfAPeerWhoseBytesNobodyTakes(boolean fromServer, int clientSeconds, int serverSeconds,
                                                     Termination termination) throws Exception {
        start(clientSeconds, serverSeconds, 10);
        Flow flow = fromServer ? relay.serverToClient() : relay.clientToServer();
        long fed = fill(fromServer ? relay.server : relay.client, flow);
        driven.pass(Duration.ofSeconds(3));
        assertFalse(relay.end.isDone());
        drain(fromServer ? relay.client : relay.server, fed);
        driven.pass(ALMOST);
        assertFalse(relay.end.isDone());
        driven.pass(REST);
        assertEquals(termination, relay.end.getNow(null));
    }

    /** Whoever has ended is not silent, unless it leaves what the other one sends where it is. */
    @ParameterizedTest
    @CsvSource({"true, CLIENT_TIMEOUT_DATA", "false, SERVER_TIMEOUT_DATA"})
    void isTheHalfClosedSilenceOfThePeerThatTakesNothing(boolean byClient, Termination termination) throws Exception {
        start(5, 5, 1);
        Flow ending = byClient ? relay.clientToServer() : relay.serverToClient();
        (byClient ? relay.client : relay.server).shutdownOutput();
        driven.turnUntil(() -> ending.state() == Flow.State.ENDED);
        fill(byClient ? relay.server : relay.client, byClient ? relay.serverToClient() : relay.clientToServer());
        driven.pass(Duration.ofSeconds(1));
        assertEquals(termination, relay.end.getNow(null));
    }

    /** Sends until the flow is stuck. @return how many bytes were sent */
    private long fill(Socket from, Flow flow) throws IOException {
        // Less than a flow moves in a turn, so that sending never blocks.
        String piece = "x".repeat(8 * 1024);
        long sent = 0;
        for (long before = -1; before < flow.writtenBytes(); ) {
            before = flow.writtenBytes();
            send(from, piece);
            sent += piece.length();
            driven.turn();
        }
        return sent;
    }

    private void drain(Socket to, long bytes) throws IOException {
        byte[] piece = new byte[64 * 1024];
        for (long taken = 0; taken < bytes; ) {
            driven.turnUntil(() -> available(to) > 0);
            taken += to.getInputStream().read(piece);
        }
        driven.turn();
    }

    /** Waiting for a server, in the queue say, is no silence of the client's. */
    @Test
    void countsSilenceFromTheStartOfTheRelay() throws Exception {
        relay = new RelayFixture(driven.loop(), vessels, seconds(1, 1, 1));
        driven.pass(Duration.ofSeconds(2));
        relay.relay().start();
        driven.pass(ALMOST);
        assertFalse(relay.end.isDone());
        driven.pass(REST);
        assertEquals(Termination.CLIENT_TIMEOUT_DATA, relay.end.getNow(null));
    }

    @Test
    void countsHalfClosedSilenceFromTheEndThatMadeItSo() throws Exception {
        start(10, 10, 1);
        driven.pass(Duration.ofSeconds(5));
        relay.client.shutdownOutput();
        driven.turnUntil(() -> relay.clientToServer().state() == Flow.State.ENDED);
        driven.pass(ALMOST);
        assertFalse(relay.end.isDone());
        driven.pass(REST);
        assertEquals(Termination.SERVER_TIMEOUT_DATA, relay.end.getNow(null));
    }

    private void start(int clientSeconds, int serverSeconds, int halfClosedSeconds) throws IOException {
        relay = new RelayFixture(driven.loop(), vessels, seconds(clientSeconds, serverSeconds, halfClosedSeconds));
        relay.relay().start();
        driven.turn();
    }

    private static SilenceLimits seconds(int client, int server, int halfClosed) {
        return new SilenceLimits(Duration.ofSeconds(client).toNanos(), Duration.ofSeconds(server).toNanos(),
                Duration.ofSeconds(halfClosed).toNanos());
    }

    private void pass(Socket from, Socket to) throws IOException {
        send(from, "x");
        driven.turnUntil(() -> available(to) == 1);
        assertEquals("x", receive(to, 1));
    }

    private static int available(Socket socket) {
        try {
            return socket.getInputStream().available();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
