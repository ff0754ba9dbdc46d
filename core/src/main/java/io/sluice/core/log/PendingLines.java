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

    /** Bytes of the first line that the target has taken; they stay here until it has taken the rest. */
    private int taken;

    /**
     * Writes all lines. Waits while the target is full: whoever shares standard output may have made it non-blocking,
     * and a blocking one would wait in the same way. Lines that the target refuses, as on a full disk, stay; of one
     * that it has taken in part, the rest is written next.
     */
    void writeTo(WritableByteChannel target) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(buf, taken, count - taken);
        try {
            while (left.hasRemaining()) {
                if (target.write(left) == 0) {
                    LockSupport.parkNanos(this, FULL_PAUSE_NS);
                }
            }
        } finally {
            keepFromLineOf(left.position());
        }
    }

    /** Has a line that another target has taken in part written as a whole: the next target begins with it. */
    void restartLine() {
        taken = 0;
    }

    private void keepFromLineOf(int position) {
        int start = position;
        while (start > 0 && buf[start - 1] != '\n') {
            start--;
        }
        taken = position - start;
        count -= start;
        System.arraycopy(buf, start, buf, 0, count);
    }
}
