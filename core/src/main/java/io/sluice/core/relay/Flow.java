package io.sluice.core.relay;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.BufferWaiter;
import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * One direction of a relay: reads from its source and writes to its sink at once, byte for byte, with at most one
 * buffer of bytes in flight. While the sink takes no more, nothing is read from the source: that is the back pressure.
 *
 * <pre>
 *    OPEN ── source ended, bytes in flight ──▶ LAST_BYTES ── all written ──▶ ENDED
 *    OPEN ── source ended, none in flight ───────────────────────────────▶ ENDED
 *    any  ── close, or either side aborted ──▶ CLOSED
 * </pre>
 *
 * <p>The sink may come later than the source ({@link #sink}): until then the first bytes are read ahead, at most one
 * buffer of them.
 *
 * <p>Owned by one event loop.
 */
public final class Flow implements BufferWaiter {

    /** Full reads in a row before other connections get their turn. */
    private static final int MOST_READS = 8;

    /** How a flow stands. */
    public enum State {
        OPEN, LAST_BYTES,
        /** The source's end has been passed on to the sink. */
        ENDED,
        /** Given up. */
        CLOSED
    }

    /** What a step of a flow has come to. */
    public enum Outcome {
        GOES_ON,
        /** The source has ended and the sink has been told, just now. */
        ENDED, SOURCE_ABORTED, SINK_ABORTED
    }

    private final BufferPool buffers;
    private final Connection source;
    private Connection sink;
    private State state = State.OPEN;
    /** Bytes read and not yet written, from position to limit; null if there are none. */
    private ByteBuffer inFlight;
    /** A buffer that had to be waited for, for the next read; else null. */
    private ByteBuffer reserved;
    /** In line for a buffer. Nothing is read until it comes, or a second one would be waited for. */
    private boolean waiting;
    private long writtenBytes;

    public Flow(BufferPool buffers, Connection source) {
        this.buffers = buffers;
        this.source = source;
    }

    public State state() {
        return state;
    }

    /** Bytes that the sink has taken. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Asks for the source's bytes, to read ahead as long as there is no sink. */
    public void start() {
        source.wantRead(state == State.OPEN && !waiting);
    }

    /** Bytes read and not yet written, from position to limit, for a look; null if there are none. */
    ByteBuffer inFlight() {
        return inFlight;
    }

    /** Puts bytes first that someone else has read from the source: a buffer of the same pool, now the flow's. */
    public void preload(ByteBuffer received) {
        assert inFlight == null && received.hasRemaining();
        inFlight = received;
    }

    /** Gives the flow its sink, which must be connected, and writes what has been read ahead. */
    public Outcome sink(Connection connected) {
        sink = connected;
        source.wantRead(state == State.OPEN && inFlight == null && !waiting);
        return onWritable();
    }

    /** The source has bytes, or has ended. */
    public Outcome onReadable() {
        return switch (state) {
            case OPEN -> sink == null ? readMoreAhead() : pump();
            case LAST_BYTES, ENDED, CLOSED -> Outcome.GOES_ON;
        };
    }

    /** The sink takes bytes again. */
    public Outcome onWritable() {
        return switch (state) {
            case OPEN, LAST_BYTES -> flush();
            case ENDED, CLOSED -> Outcome.GOES_ON;
        };
    }

    /** Gives up what is in flight. The connections are the owner's to close. */
    public void close() {
        state = State.CLOSED;
        if (inFlight != null) {
            buffers.release(inFlight);
            inFlight = null;
        }
        if (reserved != null) {
            buffers.release(reserved);
            reserved = null;
        }
    }

    @Override
    public void onBuffer(ByteBuffer buffer) {
        waiting = false;
        if (state != State.OPEN) {
            buffers.release(buffer);
            return;
        }
        reserved = buffer;
        source.wantRead(true);
    }

    private Outcome pump() {
        for (int reads = 0; reads < MOST_READS; reads++) {
            ByteBuffer buffer = bufferToRead();
            if (buffer == null) {
                return Outcome.GOES_ON;
            }
            int count = source.read(buffer);
            if (count <= 0) {
                buffers.release(buffer);
                return count == 0 ? Outcome.GOES_ON : onSourceEnd(count);
            }
            boolean full = !buffer.hasRemaining();
            buffer.flip();
            Outcome outcome = write(buffer);
            // A read that did not fill the buffer took all there was: readiness will tell when there is more.
            if (!full || inFlight != null || outcome != Outcome.GOES_ON) {
                return outcome;
            }
        }
        return Outcome.GOES_ON;
    }

    private ByteBuffer bufferToRead() {
        ByteBuffer buffer = reserved != null ? reserved : buffers.acquire();
        reserved = null;
        if (buffer == null) {
            source.wantRead(false);
            waiting = true;
            buffers.await(this);
        }
        return buffer;
    }

    private Outcome write(ByteBuffer buffer) {
        int count = sink.write(buffer);
        if (count < 0) {
            buffers.release(buffer);
            inFlight = null;
            return Outcome.SINK_ABORTED;
        }
        writtenBytes += count;
        if (!buffer.hasRemaining()) {
            buffers.release(buffer);
            inFlight = null;
        } else if (inFlight == null) {
            inFlight = buffer;
            source.wantRead(false);
            sink.wantWrite(true);
        }
        return Outcome.GOES_ON;
    }

    private Outcome flush() {
        if (inFlight == null) {
            return state == State.LAST_BYTES ? end() : Outcome.GOES_ON;
        }
        Outcome outcome = write(inFlight);
        if (inFlight != null) {
            sink.wantWrite(true);
            return outcome;
        }
        sink.wantWrite(false);
        if (outcome != Outcome.GOES_ON) {
            return outcome;
        }
        if (state == State.LAST_BYTES) {
            return end();
        }
        source.wantRead(true);
        return Outcome.GOES_ON;
    }

    private Outcome onSourceEnd(int count) {
        if (count == Connection.ABORTED) {
            return Outcome.SOURCE_ABORTED;
        }
        source.wantRead(false);
        if (inFlight == null && sink != null) {
            return end();
        }
        state = State.LAST_BYTES;
        return Outcome.GOES_ON;
    }

    private Outcome end() {
        state = State.ENDED;
        sink.shutdownOutput();
        return Outcome.ENDED;
    }

    /** Without a sink: keeps what comes, up to one buffer, then stops reading. */
    private Outcome readMoreAhead() {
        if (inFlight == null) {
            ByteBuffer buffer = bufferToRead();
            if (buffer == null) {
                return Outcome.GOES_ON;
            }
            inFlight = buffer.limit(0);
        }
        int start = inFlight.position();
        inFlight.position(inFlight.limit()).limit(inFlight.capacity());
        int count = source.read(inFlight);
        inFlight.limit(inFlight.position()).position(start);
        if (!inFlight.hasRemaining()) {
            buffers.release(inFlight);
            inFlight = null;
        } else if (inFlight.limit() == inFlight.capacity()) {
            source.wantRead(false);
        }
        return count < 0 ? onSourceEnd(count) : Outcome.GOES_ON;
    }
}
