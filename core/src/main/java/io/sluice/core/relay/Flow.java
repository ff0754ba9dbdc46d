package io.sluice.core.relay;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.loop.Turn;
import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * One direction of a relay: reads from its source and writes to its sink at once, byte for byte, with at most one
 * buffer or pipe of bytes in flight, its {@link Cargo}. While the sink takes no more, nothing is read from the source:
 * that is the back pressure. While buffers are scarce, it reads only if the sink has room, so that sinks that take
 * nothing leave buffers to others.
 *
 * <pre>
 *    OPEN ── source ended, bytes in flight or no sink yet ──▶ LAST_BYTES ── all written ──▶ ENDED
 *    OPEN, WATCHED ── source ended, none in flight ──▶ ENDED
 *    OPEN ── watch ──▶ WATCHED ── all seen ──▶ OPEN
 *    any  ── close, or either side aborted ──▶ CLOSED
 * </pre>
 *
 * <p>The sink may come later than the source ({@link #sink}): until then the first bytes are read ahead, at most one
 * spare buffer of them, since the sink may be long in coming.
 *
 * <p>Owned by one event loop.
 */
public final class Flow {

    /** The state of a flow. */
    public enum State {
        OPEN,
        /** Open, and a {@link FlowWatch} sees all bytes before the sink gets them. */
        WATCHED,
        LAST_BYTES,
        /** The source has ended, and the sink has all that came before. */
        ENDED,
        /** Given up. */
        CLOSED
    }

    /** The result of a step of a flow. */
    public enum Outcome {
        GOES_ON,
        /** The source has ended, and the sink has just taken the last bytes: it has yet to be told of the end. */
        ENDED, SOURCE_ABORTED, SINK_ABORTED
    }

    private final BufferPool buffers;
    private final Cargo cargo;
    private final Connection source;
    private Connection sink;
    private FlowWatch watch;
    private State state = State.OPEN;
    private long writtenBytes;

    public Flow(Vessels vessels, Connection source) {
        buffers = vessels.buffers();
        cargo = new Cargo(vessels);
        this.source = source;
    }

    Connection source() {
        return source;
    }

    public State state() {
        return state;
    }

    /** Bytes that the sink has taken. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Asks for the source's bytes if the flow is open; without a sink they are read ahead. */
    public void start() {
        source.wantRead(isOpen());
    }

    /** Bytes read ahead and not yet written, from position to limit, to be read in place; null if there are none. */
    public ByteBuffer inFlight() {
        return cargo.buffer();
    }

    /**
     * Starts with bytes that someone else has read from the source.
     *
     * @param received a buffer of the same pool, now the flow's; null if nothing has come
     */
    public void preload(ByteBuffer received) {
        if (received != null) {
            cargo.preload(received);
        }
    }

    /** Has the bytes that are yet to be read shown to someone, who says when all that matters has been seen. */
    public void watch(FlowWatch by) {
        assert state == State.OPEN && sink == null;
        watch = by;
        state = State.WATCHED;
    }

    /** Gives the flow its sink, which must be connected, and writes what has been read ahead. */
    Outcome sink(Connection connected) {
        sink = connected;
        letSplice();
        start();
        return flush(false);
    }

    /** The source has bytes, or has ended. */
    public Outcome onReadable() {
        return switch (state) {
            case OPEN -> sink == null ? readMoreAhead() : pump();
            case WATCHED -> pumpWatched();
            case LAST_BYTES, ENDED, CLOSED -> Outcome.GOES_ON;
        };
    }

    /**
     * Passes on what the source has sent before the flow is given up, unless the sink has yet to take earlier bytes.
     */
    void readOnceMore() {
        if (isOpen() && sink != null && cargo.isEmpty()) {
            onReadable();
        }
    }

    /** The sink takes bytes again. */
    Outcome onWritable() {
        return switch (state) {
            // While the sink was full, more has most likely come.
            case OPEN, WATCHED -> cargo.isEmpty() ? onRoom() : flush(true);
            case LAST_BYTES -> flush(true);
            case ENDED, CLOSED -> Outcome.GOES_ON;
        };
    }

    /** Drops the bytes in flight. The owner closes the connections. */
    public void close() {
        state = State.CLOSED;
        cargo.release();
    }

    private Outcome pump() {
        long before = writtenBytes;
        for (int reads = 0; Turn.mayReadOn(reads, writtenBytes - before); reads++) {
            int count = load();
            if (count <= 0) {
                return count == 0 ? Outcome.GOES_ON : onSourceEnd(count);
            }
            Outcome outcome = write();
            if (outcome != Outcome.GOES_ON || !cargo.isEmpty() || !isWorthReading()) {
                return outcome;
            }
        }
        return Outcome.GOES_ON;
    }

    private Outcome pumpWatched() {
        int count = load();
        if (count <= 0) {
            return count == 0 ? Outcome.GOES_ON : onSourceEnd(count);
        }
        boolean seen = watch.hasSeenAll(cargo.buffer());
        Outcome outcome = write();
        if (seen) {
            watch = null;
            state = State.OPEN;
            letSplice();
        }
        return outcome;
    }

    private void letSplice() {
        cargo.spliceable(state == State.OPEN && !source.isSecure() && !sink.isSecure());
    }

    private boolean isOpen() {
        return state == State.OPEN || state == State.WATCHED;
    }

    /**
     * Whether another read is worth a system call: not if the last one took all bytes, as readiness reports more,
     * unless the end is known to follow.
     */
    private boolean isWorthReading() {
        return cargo.sourceHasMore() || source.peerHasEnded();
    }

    /** Reads once, if more may be read: as {@link Connection#read}. */
    private int load() {
        return findRoom() ? cargo.load(source) : 0;
    }

    /** Whether more may be read; if not, {@link #onWritable} or {@link #onReadable} is called once it may. */
    private boolean findRoom() {
        if (buffers.areScarce() && !sink.hasRoom()) {
            source.wantRead(false);
            sink.wantWrite(true);
            return false;
        }
        return cargo.findRoom(source);
    }

    /** The sink has room for what would otherwise have held a buffer. */
    private Outcome onRoom() {
        sink.wantWrite(false);
        source.wantRead(true);
        return onReadable();
    }

    private Outcome write() {
        int count = cargo.unload(sink, endFollows());
        if (count < 0) {
            return Outcome.SINK_ABORTED;
        }
        writtenBytes += count;
        source.wantRead(isOpen() && cargo.isEmpty());
        sink.wantWrite(!cargo.isEmpty());
        return Outcome.GOES_ON;
    }

    private boolean endFollows() {
        return state == State.LAST_BYTES
                || state == State.OPEN && !cargo.sourceHasMore() && source.peerHasEnded();
    }

    private Outcome flush(boolean thenReads) {
        if (cargo.isEmpty()) {
            return state == State.LAST_BYTES ? ended() : Outcome.GOES_ON;
        }
        Outcome outcome = write();
        if (outcome != Outcome.GOES_ON || !cargo.isEmpty()) {
            return outcome;
        }
        return switch (state) {
            case LAST_BYTES -> ended();
            case OPEN -> thenReads || isWorthReading() ? pump() : Outcome.GOES_ON;
            case WATCHED, ENDED, CLOSED -> Outcome.GOES_ON;
        };
    }

    private Outcome onSourceEnd(int count) {
        if (count == Connection.ABORTED) {
            return Outcome.SOURCE_ABORTED;
        }
        source.wantRead(false);
        if (cargo.isEmpty() && sink != null) {
            return ended();
        }
        state = State.LAST_BYTES;
        return Outcome.GOES_ON;
    }

    private Outcome ended() {
        state = State.ENDED;
        return Outcome.ENDED;
    }

    /** Without a sink: keeps what comes, up to one buffer, and stops reading once that is full, or if none is spare. */
    private Outcome readMoreAhead() {
        if (cargo.isEmpty() && !cargo.findSpareRoom(source)) {
            return Outcome.GOES_ON;
        }
        int count = cargo.load(source);
        if (cargo.isFull()) {
            source.wantRead(false);
        }
        return count < 0 ? onSourceEnd(count) : Outcome.GOES_ON;
    }
}
