package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.BufferWaiter;
import io.sluice.core.net.Connection;
import io.sluice.l7.http.BodyEvent;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.HttpError;
import java.nio.ByteBuffer;

/**
 * One direction of an exchange: sends a head that was written anew, then passes the body on run by run, with at most
 * one buffer of bytes in flight. While the sink takes no more, nothing is read from the source.
 *
 * <p>Reads leave room before the bytes, so that a head can be put right in front of the body's first bytes and both go
 * out in one write, without copying the body.
 *
 * <pre>
 *   IDLE ── begin ──▶ BODY ── body whole ──▶ LAST_BYTES ── all written ──▶ ENDED
 *   any ── reset ──▶ IDLE
 * </pre>
 *
 * <p>Owned by one event loop; used again for the next exchange.
 */
final class MessageFlow implements BufferWaiter {

    /** Room that reads leave at the front of a buffer, for a head that has grown on the way. */
    static final int HEADROOM_BYTES = 1024;
    /** Room that reads leave at the end, for the line end behind a chunk. */
    private static final int TAILROOM_BYTES = 2;
    /** Full reads in a row before other connections get their turn. */
    private static final int MOST_READS = 8;

    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    enum State { IDLE, BODY, LAST_BYTES, ENDED }

    /** What a step has come to. */
    enum Outcome {
        GOES_ON,
        /** The whole message has been written, just now. */
        ENDED,
        /** The body breaks its framing; {@link #error()} says how. */
        REFUSED,
        /** The source's end came before the body's. */
        TRUNCATED, SOURCE_ABORTED, SINK_ABORTED
    }

    /** What the sink is sent of the body's framing. */
    enum Shape {
        /** The body as the framer hands it out, which is without chunks. */
        PLAIN,
        /** The framer hands out chunks; the last one is written anew. */
        CHUNKS_KEPT,
        /** A body that its framer hands out without chunks gets some. */
        CHUNKS_MADE
    }

    private final BufferPool buffers;
    private final HeadWriter writer;
    private final Output output = new Output();
    private State state = State.IDLE;
    private Connection source;
    private Connection sink;
    private BodyFramer framer;
    private Shape shape;
    /** Bytes read; from position to limit not framed yet. Null if there are none in flight. */
    private ByteBuffer buffer;
    /** Whether the framer has handed out a run that has to wait until the present one is written. */
    private boolean runHeld;

    MessageFlow(BufferPool buffers, HeadWriter writer) {
        this.buffers = buffers;
        this.writer = writer;
    }

    /** Makes a buffer of the pool ready to be read into, with room at both ends. */
    static ByteBuffer prepare(ByteBuffer buffer) {
        return buffer.clear().position(HEADROOM_BYTES).limit(buffer.capacity() - TAILROOM_BYTES);
    }

    State state() {
        return state;
    }

    /** Bytes that the sink has taken, heads and framing included. */
    long writtenBytes() {
        return output.writtenBytes();
    }

    /** Whether the sink has to take bytes before anything else can happen. */
    boolean isBlocked() {
        return !output.isEmpty();
    }

    HttpError error() {
        return framer.error();
    }

    /**
     * Sends the head that the writer holds, and begins with the body.
     *
     * @param from       whom the body comes from; null if there is none
     * @param received   what was read behind the head, or null; from now on this flow's
     * @param bodyFramer has begun
     */
    Outcome begin(Connection from, Connection to, ByteBuffer received, BodyFramer bodyFramer, Shape bodyShape) {
        assert state == State.IDLE;
        source = from;
        sink = to;
        buffer = received;
        framer = bodyFramer;
        shape = bodyShape;
        state = State.BODY;
        putHead();
        return pump();
    }

    /** Sends what the writer holds, a whole message. */
    Outcome beginWhole(Connection to) {
        assert state == State.IDLE;
        sink = to;
        state = State.LAST_BYTES;
        putHead();
        return pump();
    }

    /** Sends what the writer holds before anything else: an interim response. */
    Outcome sendInterim(Connection to) {
        assert state == State.IDLE;
        sink = to;
        output.putAhead(writer.copy());
        return switch (output.writeTo(sink)) {
            case ALL_WRITTEN -> Outcome.GOES_ON;
            case SINK_FULL -> blocked();
            case SINK_ABORTED -> Outcome.SINK_ABORTED;
        };
    }

    /** The source has bytes, or has ended. */
    Outcome onReadable() {
        if (state != State.BODY || isBlocked()) {
            return Outcome.GOES_ON;
        }
        for (int reads = 0; reads < MOST_READS; reads++) {
            if (!hasBuffer()) {
                return Outcome.GOES_ON;
            }
            int start = prepare(buffer).position();
            int count = source.read(buffer);
            boolean full = !buffer.hasRemaining();
            buffer.limit(buffer.position()).position(start);
            if (count <= 0) {
                releaseBuffer();
                return count == 0 ? Outcome.GOES_ON : onSourceEnd(count);
            }
            Outcome outcome = pump();
            if (!full || outcome != Outcome.GOES_ON || isBlocked()) {
                return outcome;
            }
        }
        return Outcome.GOES_ON;
    }

    /** The sink takes bytes again. */
    Outcome onWritable() {
        sink.wantWrite(false);
        if (state == State.BODY) {
            source.wantRead(true);
        }
        return state == State.IDLE ? writeInterim() : pump();
    }

    /** Takes what was read beyond the end of the body, the next message's bytes, or null. */
    ByteBuffer takeRest() {
        ByteBuffer rest = buffer;
        buffer = null;
        return rest;
    }

    /** Gives up whatever is in flight and makes ready for the next exchange. */
    void reset() {
        state = State.IDLE;
        source = null;
        sink = null;
        framer = null;
        runHeld = false;
        output.clear();
        releaseBuffer();
    }

    @Override
    public void onBuffer(ByteBuffer granted) {
        if (state == State.BODY && buffer == null) {
            buffer = granted;
            source.wantRead(true);
        } else {
            buffers.release(granted);
        }
    }

    /** Frames what has been read and writes it, until the source or the sink has to do something. */
    private Outcome pump() {
        for (;;) {
            BodyEvent event = state == State.BODY ? frame() : BodyEvent.END;
            if (event == BodyEvent.REFUSED) {
                return Outcome.REFUSED;
            }
            switch (output.writeTo(sink)) {
                case ALL_WRITTEN -> { }
                case SINK_FULL -> {
                    return blocked();
                }
                case SINK_ABORTED -> {
                    stopReading();
                    return Outcome.SINK_ABORTED;
                }
            }
            if (event == BodyEvent.END) {
                return ended();
            }
            if (event == BodyEvent.NEED_MORE) {
                releaseBuffer();
                return Outcome.GOES_ON;
            }
        }
    }

    /** Extends the run by all that lies right behind it; DATA means that the run has to be written before more. */
    private BodyEvent frame() {
        if (runHeld) {
            if (!putRun(framer.runOffset(), framer.runLength())) {
                return BodyEvent.DATA;
            }
            runHeld = false;
        }
        while (buffer != null || framer.isEnded()) {
            BodyEvent event = buffer == null ? BodyEvent.END : framer.next(buffer);
            if (event == BodyEvent.END) {
                state = State.LAST_BYTES;
                putLastChunk();
                return event;
            }
            if (event != BodyEvent.DATA) {
                return event;
            }
            if (!putRun(framer.runOffset(), framer.runLength())) {
                runHeld = true;
                return event;
            }
        }
        return BodyEvent.NEED_MORE;
    }

    /** Takes a run of the body into the output; false if it is not right behind the bytes that are there. */
    private boolean putRun(int offset, int length) {
        if (shape == Shape.CHUNKS_MADE) {
            return putChunk(offset, length);
        }
        if (!output.hasRun()) {
            output.run(buffer, offset, offset + length);
            return true;
        }
        if (output.runEnd() != offset) {
            return false;
        }
        output.extendRun(offset + length);
        return true;
    }

    /** Makes a run one chunk, in the room around it. */
    private boolean putChunk(int offset, int length) {
        if (output.hasRun()) {
            return false;
        }
        writer.clear().hexSize(length).lineEnd();
        int start = offset - writer.length();
        int end = offset + length;
        writer.copyTo(buffer, start);
        buffer.limit(end + TAILROOM_BYTES).put(end, (byte) '\r').put(end + 1, (byte) '\n').position(end).limit(end);
        output.run(buffer, start, end + TAILROOM_BYTES);
        return true;
    }

    /** Puts the head right before the bytes that were read, or into a buffer of its own. */
    private void putHead() {
        if (buffer != null && shape != Shape.CHUNKS_MADE && writer.length() <= buffer.position()) {
            int end = buffer.position();
            writer.copyTo(buffer, end - writer.length());
            output.run(buffer, end - writer.length(), end);
            return;
        }
        if (buffer == null) {
            buffer = buffers.acquire();
        }
        if (buffer != null && buffer.position() == 0 && writer.length() <= buffer.capacity()) {
            writer.copyTo(buffer, 0);
            buffer.position(writer.length()).limit(writer.length());
            output.run(buffer, 0, writer.length());
            return;
        }
        output.putAhead(writer.copy());
        if (buffer != null && !buffer.hasRemaining()) {
            releaseBuffer();
        }
    }

    /** The last chunk with its trailers; where there are none, in the place of the one that came, so in one write. */
    private void putLastChunk() {
        if (shape == Shape.PLAIN) {
            return;
        }
        HeaderFields trailers = framer.trailers();
        int trailerCount = shape == Shape.CHUNKS_KEPT ? trailers.count() : 0;
        if (trailerCount == 0 && buffer != null && putLastChunkInPlace()) {
            return;
        }
        writer.clear().put('0').lineEnd();
        for (int i = 0; i < trailerCount; i++) {
            writer.field(trailers, i);
        }
        output.putBehind(writer.lineEnd().copy());
    }

    private boolean putLastChunkInPlace() {
        int start = output.hasRun() ? output.runEnd() : buffer.position() - LAST_CHUNK.length;
        int end = start + LAST_CHUNK.length;
        if (end > buffer.position()) {
            return false;
        }
        buffer.put(start, LAST_CHUNK);
        if (output.hasRun()) {
            output.extendRun(end);
        } else {
            output.run(buffer, start, end);
        }
        return true;
    }

    private Outcome onSourceEnd(int count) {
        if (count == Connection.ABORTED) {
            return Outcome.SOURCE_ABORTED;
        }
        return framer.onEndOfStream() == null ? pump() : Outcome.TRUNCATED;
    }

    private Outcome writeInterim() {
        return switch (output.writeTo(sink)) {
            case ALL_WRITTEN -> Outcome.GOES_ON;
            case SINK_FULL -> blocked();
            case SINK_ABORTED -> Outcome.SINK_ABORTED;
        };
    }

    private Outcome ended() {
        state = State.ENDED;
        // Of an interim message, perhaps, that had to wait.
        sink.wantWrite(false);
        if (buffer != null && !buffer.hasRemaining()) {
            releaseBuffer();
        }
        return Outcome.ENDED;
    }

    private Outcome blocked() {
        sink.wantWrite(true);
        stopReading();
        return Outcome.GOES_ON;
    }

    /** What would be read has no place to go. */
    private void stopReading() {
        if (source != null) {
            source.wantRead(false);
        }
    }

    private boolean hasBuffer() {
        if (buffer == null) {
            buffer = buffers.acquire();
        }
        if (buffer == null) {
            source.wantRead(false);
            buffers.await(this);
        }
        return buffer != null;
    }

    private void releaseBuffer() {
        if (buffer != null) {
            buffers.release(buffer);
            buffer = null;
        }
    }
}
