package io.sluice.core.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PendingLinesTest {

    /** As standard output is if its other owner has made it non-blocking (fcntl(2), O_NONBLOCK). */
    @Test
    void waitsForAFullPipe() throws Exception {
        byte[] written = new byte[1_000_000];
        new Random(1).nextBytes(written);
        written[written.length - 1] = '\n';
        PendingLines lines = new PendingLines();
        lines.writeBytes(written);
        Pipe pipe = Pipe.open();
        pipe.sink().configureBlocking(false);
        CountDownLatch full = new CountDownLatch(1);
        FutureTask<byte[]> read = new FutureTask<>(() -> {
            full.await();
            return Channels.newInputStream(pipe.source()).readAllBytes();
        });
        Thread.ofPlatform().daemon().start(read);
        try (WritableByteChannel target = new Watched(pipe.sink(), full)) {
            lines.writeTo(target);
        }
        assertArrayEquals(written, read.get(20, TimeUnit.SECONDS));
        assertEquals(0, lines.size());
    }

    /** Tells when its sink has taken nothing. */
    private record Watched(Pipe.SinkChannel sink, CountDownLatch full) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) throws IOException {
            int count = sink.write(source);
            if (count == 0) {
                full.countDown();
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return sink.isOpen();
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }
}
