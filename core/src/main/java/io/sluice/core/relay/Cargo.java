package io.sluice.core.relay;

import io.sluice.core.buffer.VesselChoice;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.linux.Pipe;
import io.sluice.core.net.Connection;
import io.sluice.core.stats.Counter;
import java.nio.ByteBuffer;

/**
 * The bytes that a flow has in flight, in a buffer or in a pipe: one load at a time, so that the way changes only
 * between two and no byte overtakes another.
 *
 * <p>Owned by one event loop.
 */
final class Cargo {

    private final Vessels vessels;
    private final VesselChoice choice;
    private boolean spliceable;
    /** Holds bytes from position to limit; null if it would hold none. */
    private ByteBuffer buffer;
    /** Null if it would hold nothing. */
    private Pipe pipe;
    /** A buffer that had to be waited for, for the next load; else null. */
    private ByteBuffer reserved;

    Cargo(Vessels vessels) {
        this.vessels = vessels;
        choice = new VesselChoice(vessels);
    }

    /** Whether its bytes can go through a pipe; as long as that is not known they do not. */
    void spliceable(boolean may) {
        spliceable = may;
    }

    boolean isEmpty() {
        return buffer == null && pipe == null;
    }

    /** Bytes in the buffer, for a look; null if there are none. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Whether nothing fits behind what the buffer holds. */
    boolean isFull() {
        return buffer != null && buffer.limit() == buffer.capacity();
    }

    /** Whether the last load has probably left bytes with the source. */
    boolean sourceHasMore() {
        return choice.sourceHasMore();
    }

    /** Puts bytes first that someone else has read: a buffer of the same pool. */
    void preload(ByteBuffer received) {
        assert isEmpty() && received.hasRemaining();
        buffer = received;
    }

    /** Keeps a buffer that had to be waited for. */
    void reserve(ByteBuffer granted) {
        reserved = granted;
    }

    /** Finds room for the next load; false if a buffer has to be waited for. */
    boolean findRoom() {
        assert isEmpty();
        pipe = spliceable ? choice.takePipe() : null;
        return pipe != null || findBuffer();
    }

    /** Reads once into what room there is: as {@link Connection#read}. Room for nothing is given back. */
    int load(Connection source) {
        int count = pipe != null ? splice(source) : readBehind(source);
        if (count > 0) {
            onLoaded(count);
        }
        releaseIfDone();
        return count;
    }

    /** Reads once into the pipe; 0 also at the end, of which the next read, a copying one, tells. */
    private int splice(Connection source) {
        int count = source.read(pipe, VesselChoice.MOST_SPLICED_BYTES);
        if (count == 0 || count == Connection.END) {
            choice.onNothingSpliced(count == Connection.END);
            return 0;
        }
        return count;
    }

    private int readBehind(Connection source) {
        int start = buffer.position();
        buffer.position(buffer.limit()).limit(buffer.capacity());
        int count = source.read(buffer);
        buffer.limit(buffer.position()).position(start);
        return count;
    }

    private void onLoaded(int count) {
        if (pipe != null) {
            choice.onSpliced(count);
        } else {
            choice.onCopied(count, isFull());
        }
    }

    /**
     * Writes once: as {@link Connection#write}. What holds no more bytes is given back.
     *
     * @param last whether the end follows at once
     */
    int unload(Connection sink, boolean last) {
        int count = pipe != null ? sink.write(pipe) : sink.write(buffer, last);
        if (count > 0) {
            vessels.stats().add(pipe != null ? Counter.BYTES_SPLICED : Counter.BYTES_COPIED, count);
        }
        releaseIfDone();
        return count;
    }

    /** Gives up what is in flight, and a buffer that came for more. */
    void close() {
        release();
        if (reserved != null) {
            vessels.buffers().release(reserved);
            reserved = null;
        }
    }

    private boolean findBuffer() {
        buffer = reserved != null ? reserved : vessels.buffers().acquire();
        reserved = null;
        if (buffer != null) {
            buffer.limit(0);
        }
        return buffer != null;
    }

    private void releaseIfDone() {
        if (pipe != null ? pipe.isEmpty() : !buffer.hasRemaining()) {
            release();
        }
    }

    private void release() {
        if (buffer != null) {
            vessels.buffers().release(buffer);
            buffer = null;
        }
        if (pipe != null) {
            vessels.pipes().release(pipe);
            pipe = null;
        }
    }
}
