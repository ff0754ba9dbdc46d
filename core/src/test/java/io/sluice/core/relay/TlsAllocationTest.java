package io.sluice.core.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.LoopThread;
import io.sluice.core.net.Connection;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TlsBuffers;
import io.sluice.core.net.TlsFailure;
import io.sluice.core.net.TlsHandler;
import io.sluice.core.net.TlsHandshake;
import io.sluice.core.net.TlsKeys;
import io.sluice.core.stats.Allocation;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** What a record costs in garbage: the engine's results, of which there is one a call, nothing of our own. */
class TlsAllocationTest {

    private static final int MOST_ROUNDS = 20;
    private static final int ROUND_TRIPS = 5_000;
    /** Four calls a round trip, two of them for what is not there: a record in, a record out, of 32 bytes each. */
    private static final int MOST_BYTES_A_ROUND_TRIP = 200;

    private final CompletableFuture<Relay> started = new CompletableFuture<>();

    @Test
    void allocatesNothingOfItsOwnForARecord() throws Exception {
        try (LoopThread thread = new LoopThread()) {
            Loopback.Pair clientPair = Loopback.pair();
            Loopback.Pair serverPair = Loopback.pair();
            thread.run(() -> handshake(thread, clientPair, serverPair));
            SSLSocket client = (SSLSocket) TlsKeys.ec().context().getSocketFactory()
                    .createSocket(clientPair.far(), "127.0.0.1", 1, true);
            client.startHandshake();
            Relay relay = started.get(20, TimeUnit.SECONDS);
            long least = Long.MAX_VALUE;
            // The compiler takes its time, and leaves more out the longer it looks.
            for (int i = 0; i < MOST_ROUNDS && least > MOST_BYTES_A_ROUND_TRIP; i++) {
                long before = Allocation.of(thread.thread());
                roundTrips(client, serverPair, ROUND_TRIPS);
                least = Math.min(least, (Allocation.of(thread.thread()) - before) / ROUND_TRIPS);
            }
            assertTrue(least <= MOST_BYTES_A_ROUND_TRIP, least + " bytes a round trip");
            thread.run(() -> relay.abort(Termination.KILLED_DATA));
            clientPair.far().close();
            serverPair.far().close();
        }
    }

    private void handshake(LoopThread thread, Loopback.Pair clientPair, Loopback.Pair serverPair) {
        Vessels vessels = new Vessels(new BufferPool(thread.loop(), 32 * 1024, 4), new PipePool(thread.loop(), 0),
                new WorkerStats());
        Connection client = new Connection(thread.loop(), clientPair.near(), null);
        Connection server = new Connection(thread.loop(), serverPair.near(), null);
        TlsHandler handler = new TlsHandler() {
            @Override
            public void onTlsEstablished() {
                Relay relay = new Relay(thread.loop(), new Flow(vessels, client), new Flow(vessels, server),
                        RelayFixture.LONG, _ -> { });
                relay.start();
                started.complete(relay);
            }

            @Override
            public void onTlsFailed(TlsFailure failure, String reason) {
                started.completeExceptionally(new IOException(reason));
            }
        };
        new TlsHandshake(thread.loop(), client, TlsKeys.ec().servers(TlsKeys.Maker.BORINGSSL),
                new TlsBuffers(thread.loop()), handler).accept(null);
    }

    private static void roundTrips(SSLSocket client, Loopback.Pair server, int count) throws IOException {
        byte[] message = new byte[128];
        for (int i = 0; i < count; i++) {
            client.getOutputStream().write(message);
            assertEquals(128, server.far().getInputStream().readNBytes(message, 0, 128));
            server.far().getOutputStream().write(message);
            assertEquals(128, client.getInputStream().readNBytes(message, 0, 128));
        }
    }
}
