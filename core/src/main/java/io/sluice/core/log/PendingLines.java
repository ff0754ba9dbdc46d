package io.sluice.core.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Lines on their way to a target. Owned by the log writer's thread. */
final class PendingLines extends ByteArrayOutputStream {

    /**
     * Until a full pipe is tried again. A pipe of 64 KiB then still takes the records of the busiest worker, and one
     * that nobody reads costs hardly any CPU time.
     */
    private static final long FULL_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * Writes all lines. Waits while the target is full: whoever shares standard output may have made it non-blocking,
     * and a blocking one would wait in the same way. Bytes that the target refuses, as on a full disk, stay; nothing is
     * written twice.
     */
    void writeTo(WritableByteChannel target) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(buf, 0, count);
        try {
            while (left.hasRemaining()) {
                if (target.write(left) == 0) {
                    LockSupport.parkNanos(this, FULL_PAUSE_NS);
                }
            }
        } finally {
            System.arraycopy(buf, left.position(), buf, 0, left.remaining());
            count = left.remaining();
        }
    }
}
