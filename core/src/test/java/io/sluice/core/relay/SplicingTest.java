package io.sluice.core.relay;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.VesselChoice;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a flow splices and when it copies; that no byte is lost or changed, {@link RelayTest} shows for both. */
@EnabledOnOs(OS.LINUX)
class SplicingTest {

    private static final int BUFFER_BYTES = 4096;
    private static final int PROOF_BYTES = VesselChoice.LARGE_READS * BUFFER_BYTES;
    private static final int BULK_BYTES = 8 * 1024 * 1024;

    private final HandDriven driven = new HandDriven();
    private final Vessels vessels = new Vessels(new BufferPool(driven.loop(), BUFFER_BYTES, 4),
            new PipePool(driven.loop(), 1), new WorkerStats());
    private final List<RelayFixture> relays = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (RelayFixture relay : relays) {
            relay.relay().abort(Termination.KILLED_DATA);
            relay.close();
        }
        assertEquals(0, vessels.pipes().inUse());
        assertEquals(0, vessels.buffers().inUse());
        vessels.pipes().close();
        driven.close();
    }

    @Test
    void copiesUntilTheFlowHasProvenToBeBulk() throws Exception {
        RelayFixture relay = start();
        transfer(relay.client, relay.server, PROOF_BYTES + 1);
        assertEquals(PROOF_BYTES, count(Counter.BYTES_COPIED));
        assertEquals(1, count(Counter.BYTES_SPLICED));
        assertEquals(1, count(Counter.SPLICE_SWITCHES));
    }

    @Test
    void holdsNoPipeWhileNothingIsInFlight() throws Exception {
        RelayFixture relay = start();
        transfer(relay.client, relay.server, BULK_BYTES);
        assertEquals(0, vessels.pipes().inUse());
        assertEquals(1, vessels.pipes().open());
    }

    @Test
    void goesToAndFroWithinOneConnection() throws Exception {
        RelayFixture relay = start();
        for (int round = 1; round <= 3; round++) {
            transfer(relay.client, relay.server, BULK_BYTES);
            assertEquals(2 * round - 1, count(Counter.SPLICE_SWITCHES));
            for (int i = 0; i <= VesselChoice.SMALL_READS; i++) {
                transfer(relay.client, relay.server, 100 + i);
            }
            assertEquals(2 * round, count(Counter.SPLICE_SWITCHES));
        }
        assertEquals(relay.clientToServer().writtenBytes(),
                count(Counter.BYTES_COPIED) + count(Counter.BYTES_SPLICED));
    }

    @Test
    void judgesEachDirectionByItself() throws Exception {
        RelayFixture relay = start();
        transfer(relay.client, relay.server, BULK_BYTES);
        long splicedBytes = count(Counter.BYTES_SPLICED);
        transfer(relay.server, relay.client, PROOF_BYTES);
        assertEquals(splicedBytes, count(Counter.BYTES_SPLICED));
    }

    @Test
    void copiesWhileAllPipesAreInUse() throws Exception {
        RelayFixture blocked = start();
        CompletableFuture<Long> sent = blockWithAPipe(blocked);
        long splicedBytes = count(Counter.BYTES_SPLICED);
        RelayFixture other = start();
        transfer(other.client, other.server, BULK_BYTES);
        assertEquals(splicedBytes, count(Counter.BYTES_SPLICED));
        CompletableFuture<Crc> received = inBackground(() -> Crc.receive(blocked.server));
        driven.turnUntil(received::isDone);
        assertEquals(sent.get(), received.get().value());
        transfer(other.client, other.server, BULK_BYTES);
        assertTrue(count(Counter.BYTES_SPLICED) > splicedBytes + BULK_BYTES, "it never splices again");
    }

    @Test
    void throwsAPipeAwayWhoseBytesWereGivenUp() throws Exception {
        RelayFixture blocked = start();
        blockWithAPipe(blocked);
        assertEquals(1, vessels.pipes().open());
        blocked.relay().abort(Termination.KILLED_DATA);
        assertEquals(0, vessels.pipes().open());
        RelayFixture other = start();
        transfer(other.client, other.server, BULK_BYTES);
        assertTrue(count(Counter.BYTES_SPLICED) > BULK_BYTES, "the other splices");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesWhatIsBehindAnUrgentByte(boolean ends) throws Exception {
        RelayFixture relay = start();
        transfer(relay.client, relay.server, BULK_BYTES);
        relay.client.sendUrgentData('!');
        send(relay.client, "behind");
        if (ends) {
            relay.client.shutdownOutput();
        }
        driven.turnUntil(() -> relay.clientToServer().writtenBytes() == BULK_BYTES + 6);
        assertEquals("behind", receive(relay.server, 6));
        if (!ends) {
            relay.client.shutdownOutput();
        }
        driven.turnUntil(() -> relay.clientToServer().state() == Flow.State.ENDED);
        assertEnd(relay.server);
    }

    @Test
    void endsOnlyAfterThePipeIsEmpty() throws Exception {
        RelayFixture relay = start();
        CompletableFuture<Long> sent = blockWithAPipe(relay);
        CompletableFuture<Crc> received = inBackground(() -> Crc.receive(relay.server));
        driven.turnUntil(() -> relay.clientToServer().state() == Flow.State.ENDED);
        driven.turnUntil(received::isDone);
        assertEquals(sent.get(), received.get().value());
        send(relay.server, "the other direction goes on");
        driven.turnUntil(() -> relay.serverToClient().writtenBytes() == 27);
        assertEquals("the other direction goes on", receive(relay.client, 27));
        relay.server.shutdownOutput();
        driven.turnUntil(relay.end::isDone);
        assertEnd(relay.client);
        assertEquals(Termination.NORMAL, relay.end.get());
    }

    private RelayFixture start() throws IOException {
        RelayFixture relay = new RelayFixture(driven.loop(), vessels, RelayFixture.LONG);
        relays.add(relay);
        relay.relay().start();
        return relay;
    }

    /** Passes so many bytes, and looks that they arrive as they were sent. */
    private void transfer(Socket from, Socket to, int count) throws Exception {
        CompletableFuture<Crc> received = inBackground(() -> Crc.receive(to, count));
        CompletableFuture<Long> sent = inBackground(() -> Crc.sendOn(from, count, count));
        if (count <= PROOF_BYTES + 1) {
            // All at once, so that reads are as full as they can be.
            sent.get();
        }
        driven.turnUntil(received::isDone);
        assertEquals(sent.get(), received.get().value());
    }

    /** Sends much that nobody reads until the flow is stuck with bytes in its pipe; the checksum of all is to come. */
    private CompletableFuture<Long> blockWithAPipe(RelayFixture relay) {
        CompletableFuture<Long> sent = inBackground(() -> Crc.send(relay.client, 8 * BULK_BYTES, 7));
        long[] written = {-1};
        int[] standing = {0};
        driven.turnUntil(() -> {
            long now = relay.clientToServer().writtenBytes();
            standing[0] = now == written[0] && vessels.pipes().inUse() == 1 ? standing[0] + 1 : 0;
            written[0] = now;
            return standing[0] == 1000;
        });
        return sent;
    }

    private long count(Counter counter) {
        return vessels.stats().get(counter);
    }

    private static <T> CompletableFuture<T> inBackground(IoCall<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(call.run());
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private interface IoCall<T> {
        T run() throws IOException;
    }
}
