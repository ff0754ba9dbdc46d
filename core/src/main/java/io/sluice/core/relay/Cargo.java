package io.sluice.core.relay;

import io.sluice.core.buffer.VesselChoice;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.linux.Pipe;
import io.sluice.core.net.Connection;
import io.sluice.core.stats.Counter;
import java.nio.ByteBuffer;

/**
 * The bytes that a flow has in flight, in a buffer or in a pipe: one load at a time, so that a flow switches between
 * copying and splicing only between loads and bytes keep their order.
 *
 * <p>Owned by one event loop.
 */
final class Cargo {

    private final Vessels vessels;
    private final VesselChoice choice;
    private boolean spliceable;
    /** Holds bytes from position to limit; null if there are none in a buffer. */
    private ByteBuffer buffer;
    /** Null if there are no bytes in a pipe. */
    private Pipe pipe;

    Cargo(Vessels vessels) {
        this.vessels = vessels;
        choice = new VesselChoice(vessels);
    }

    /** Sets whether bytes may go through a pipe; false until then. */
    void spliceable(boolean may) {
        spliceable = may;
    }

    boolean isEmpty() {
        return buffer == null && pipe == null;
    }

    /** The bytes in the buffer, to be read in place; null if there are none. */
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

    /** Starts with bytes that someone else has read, in a buffer of the same pool. */
    void preload(ByteBuffer received) {
        assert isEmpty() && received.hasRemaining();
        buffer = received;
    }

    /** Finds room for the next load; false if the source has to wait for a buffer. */
    boolean findRoom(Connection source) {
        assert isEmpty();
        pipe = spliceable ? choice.takePipe() : null;
        return pipe != null || hold(source.acquireBuffer(vessels.buffers()));
    }

    /** The same for a load that may have to stay for a while: finds room only in a spare buffer. */
    boolean findSpareRoom(Connection source) {
        assert isEmpty();
        return hold(source.acquireSpareBuffer(vessels.buffers()));
    }

    /** Reads once into the room found: as {@link Connection#read}. Releases a buffer or pipe that stays empty. */
    int load(Connection source) {
        int count = pipe != null ? splice(source) : source.readBehind(buffer);
        if (count > 0) {
            onLoaded(count);
        }
        releaseIfDone();
        return count;
    }

    /** Reads once into the pipe. Returns 0 at the end, too: the next read copies, and reports it. */
    private int splice(Connection source) {
        int count = source.read(pipe, VesselChoice.MOST_SPLICED_BYTES);
        if (count == 0 || count == Connection.END) {
            choice.onNothingSpliced(count == Connection.END);
            return 0;
        }
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
     * Writes once: as {@link Connection#write}. Releases the buffer or pipe once it is empty.
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

    private boolean hold(ByteBuffer found) {
        buffer = found;
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

    /** Drops the bytes in flight and releases what holds them. */
    void release() {
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
