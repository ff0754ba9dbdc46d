package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.loop.HandDriven;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reads only when told to gets all that a peer has sent, though nothing more comes that would have it told. */
class TlsReadingTest {

    private static final int SEEDS = 20;
    private static final int RECORDS = 30;
    private static final int MOST_BYTES = 16 * 1024;

    @ParameterizedTest
    @EnumSource
    void tellsOfAllWhateverTheRecordsAndTheRoomForThem(TlsKeys.Maker maker) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            try (Run run = new Run(maker, seed)) {
                run.readAll();
            }
        }
    }

    /** One connection, whose owner now and then wants nothing for a while. */
    private static final class Run implements AutoCloseable, ConnectionOwner, TlsHandler {

        private final HandDriven driven = new HandDriven();
        private final Random random;
        private final Loopback.Pair pair = Loopback.pair();
        private final Connection connection = new Connection(driven.loop(), pair.near(), null);
        private final byte[] received = new byte[RECORDS * MOST_BYTES];
        private final ByteBuffer room = ByteBuffer.allocateDirect(3 * MOST_BYTES);
        private int count;

        Run(TlsKeys.Maker maker, int seed) throws IOException {
            random = new Random(seed);
            TlsBuffers buffers = new TlsBuffers(driven.loop());
            new TlsHandshake(driven.loop(), connection, TlsKeys.ec().servers(maker), buffers, this).accept(null);
        }

        void readAll() throws Exception {
            byte[] sent = new byte[RECORDS * MOST_BYTES];
            random.nextBytes(sent);
            int[] ends = random.ints(RECORDS, 1, MOST_BYTES).map(size -> random.nextBoolean() ? size : size % 10 + 1)
                    .toArray();
            Arrays.parallelPrefix(ends, Integer::sum);
            FutureTask<Integer> sending = new FutureTask<>(() -> send(sent, ends));
            Thread.ofPlatform().daemon().start(sending);
            driven.turnUntil(() -> count == ends[RECORDS - 1]);
            assertArrayEquals(Arrays.copyOf(sent, sending.get()), Arrays.copyOf(received, count));
        }

        private int send(byte[] bytes, int[] ends) throws IOException {
            SSLSocket client = (SSLSocket) TlsKeys.ec().context().getSocketFactory()
                    .createSocket(pair.far(), "127.0.0.1", 1, true);
            OutputStream out = client.getOutputStream();
            int start = 0;
            for (int end : ends) {
                out.write(bytes, start, end - start);
                start = end;
            }
            return start;
        }

        @Override
        public void onTlsEstablished() {
            connection.owner(this);
            connection.wantRead(true);
        }

        @Override
        public void onReady(Connection ready, int readyOps) {
            int moved = connection.read(room.clear().limit(mostBytes()));
            assertTrue(moved >= 0, "the connection is gone");
            room.flip().get(received, count, moved);
            count += moved;
            if (random.nextInt(4) == 0) {
                connection.wantRead(false);
                driven.loop().defer(() -> connection.wantRead(true));
            }
        }

        /** Little room, much, or none at all. */
        private int mostBytes() {
            return switch (random.nextInt(6)) {
                case 0 -> 0;
                case 1, 2 -> random.nextInt(1, 100);
                default -> random.nextInt(1, room.capacity() + 1);
            };
        }

        @Override
        public void onTlsFailed(TlsFailure failure, String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void onFailure(Connection failed, RuntimeException failure) {
            throw failure;
        }

        @Override
        public void close() throws IOException {
            connection.abort();
            pair.far().close();
            driven.close();
        }
    }
}
