package io.sluice.l7.proxy;

import io.sluice.core.buffer.Vessels;
import io.sluice.core.linux.Pipe;
import io.sluice.core.net.Connection;
import io.sluice.core.stats.Counter;
import java.nio.ByteBuffer;

/**
 * What a {@link MessageFlow} has yet to write: a run of the buffer that it reads into, or a pipe with bytes of the
 * body, and rarely a buffer of its own before or behind them. Owned by one event loop.
 */
final class Output {

    /** The result of a write. */
    enum Progress { ALL_WRITTEN, SINK_FULL, SINK_ABORTED }

    private final Vessels vessels;
    private ByteBuffer ahead;
    private ByteBuffer buffer;
    private int start;
    private int end;
    /** A pipe with bytes in it, or null. */
    private Pipe pipe;
    private ByteBuffer behind;
    private long writtenBytes;

    Output(Vessels vessels) {
        this.vessels = vessels;
    }

    /** Bytes that the sink has taken. */
    long writtenBytes() {
        return writtenBytes;
    }

    boolean isEmpty() {
        return ahead == null && start == end && pipe == null && behind == null;
    }

    boolean hasRun() {
        return start < end;
    }

    int runEnd() {
        return end;
    }

    void clear() {
        ahead = null;
        behind = null;
        start = 0;
        end = 0;
        writtenBytes = 0;
        releasePipe();
    }

    /** Sets the run; there must be none. */
    void run(ByteBuffer source, int from, int to) {
        assert !hasRun() && behind == null;
        buffer = source;
        start = from;
        end = to;
    }

    /** Extends the run up to this position. */
    void extendRun(int to) {
        end = to;
    }

    /** Takes over a pipe with bytes of the body; the output must be empty. */
    void pipe(Pipe filled) {
        assert isEmpty();
        pipe = filled;
    }

    /** Puts a buffer before the run, behind the buffers put there earlier. */
    void putAhead(ByteBuffer first) {
        assert !hasRun() && pipe == null && behind == null;
        ahead = ahead == null ? first
                : ByteBuffer.allocate(ahead.remaining() + first.remaining()).put(ahead).put(first).flip();
    }

    /** Puts a buffer behind the run or the pipe. */
    void putBehind(ByteBuffer last) {
        assert behind == null;
        behind = last;
    }

    /** @param last whether the sink is half-closed or closed right after this */
    Progress writeTo(Connection sink, boolean last) {
        Progress progress = Progress.ALL_WRITTEN;
        if (ahead != null) {
            progress = write(sink, ahead, last);
            ahead = progress == Progress.ALL_WRITTEN ? null : ahead;
        }
        if (progress == Progress.ALL_WRITTEN && hasRun()) {
            progress = writeRun(sink, last);
        }
        if (progress == Progress.ALL_WRITTEN && pipe != null) {
            progress = writePipe(sink);
        }
        if (progress == Progress.ALL_WRITTEN && behind != null) {
            progress = write(sink, behind, last);
            behind = progress == Progress.ALL_WRITTEN ? null : behind;
        }
        return progress;
    }

    /** Writes the run, then restores the buffer's position and limit: they delimit the bytes not framed yet. */
    private Progress writeRun(Connection sink, boolean last) {
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.limit(end).position(start);
        Progress progress = write(sink, buffer, last);
        start = buffer.position();
        buffer.limit(limit).position(position);
        return progress;
    }

    private Progress writePipe(Connection sink) {
        int count = sink.write(pipe);
        if (count < 0) {
            return Progress.SINK_ABORTED;
        }
        writtenBytes += count;
        vessels.stats().add(Counter.BYTES_SPLICED, count);
        if (!pipe.isEmpty()) {
            return Progress.SINK_FULL;
        }
        releasePipe();
        return Progress.ALL_WRITTEN;
    }

    private void releasePipe() {
        if (pipe != null) {
            vessels.pipes().release(pipe);
            pipe = null;
        }
    }

    private Progress write(Connection sink, ByteBuffer source, boolean last) {
        int count = sink.write(source, last);
        if (count < 0) {
            return Progress.SINK_ABORTED;
        }
        writtenBytes += count;
        vessels.stats().add(Counter.BYTES_COPIED, count);
        return source.hasRemaining() ? Progress.SINK_FULL : Progress.ALL_WRITTEN;
    }
}
