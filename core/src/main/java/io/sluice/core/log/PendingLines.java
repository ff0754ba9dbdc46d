package io.sluice.core.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Lines on their way to a target. Owned by the log writer's thread. */
final class PendingLines extends ByteArrayOutputStream {

    /** Writes all lines. Bytes that the target does not take, as on a full disk, stay; nothing is written twice. */
    void writeTo(WritableByteChannel target) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(buf, 0, count);
        try {
            while (left.hasRemaining()) {
                if (target.write(left) == 0) {
                    throw new IOException("it takes nothing at the moment");
                }
            }
        } finally {
            System.arraycopy(buf, left.position(), buf, 0, left.remaining());
            count = left.remaining();
        }
    }
}
