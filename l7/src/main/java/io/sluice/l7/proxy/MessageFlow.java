package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.BufferWaiter;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.VesselChoice;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.linux.Pipe;
import io.sluice.core.net.Connection;
import io.sluice.l7.http.BodyEvent;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HttpError;
import java.nio.ByteBuffer;

/**
 * One direction of an exchange: sends a head that was written anew, then passes the body on run by run, with at most
 * one buffer of bytes in flight. While the sink takes no more, nothing is read from the source. Where a body that
 * proves to be bulk goes on for long without framing, it is spliced through a pipe instead.
 *
 * <pre>
 *   IDLE ── begin ──▶ BODY ── body whole ──▶ LAST_BYTES ── all written ──▶ ENDED
 *   any ── reset ──▶ IDLE
 * </pre>
 *
 * <p>Owned by one event loop; used again for the next exchange.
 */
final class MessageFlow implements BufferWaiter {

    /** Full reads in a row before other connections get their turn. */
    private static final int MOST_READS = 8;
    /** Likewise the bytes, as a read may be of very many. */
    private static final int MOST_BYTES = 1024 * 1024;
    /** With fewer bytes ahead of it until the next framing, or the body's end, a pipe is not worth its while. */
    private static final int LEAST_SPLICED_BYTES = 64 * 1024;

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

    private final BufferPool buffers;
    private final PipePool pipes;
    private final VesselChoice choice;
    private final Output output;
    private final MessageComposer composer;
    private final HeadWriter writer;
    private State state = State.IDLE;
    private Connection source;
    private Connection sink;
    private BodyFramer framer;
    /** Bytes read; from position to limit not framed yet. Null if there are none in flight. */
    private ByteBuffer buffer;
    /** Whether the sink's end follows the message at once. */
    private boolean endsSink;
    /** Whether the framer has handed out a run that has to wait until the present one is written. */
    private boolean runHeld;

    MessageFlow(Vessels vessels, HeadWriter writer) {
        buffers = vessels.buffers();
        pipes = vessels.pipes();
        choice = new VesselChoice(vessels);
        output = new Output(vessels);
        this.writer = writer;
        composer = new MessageComposer(writer, output);
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

    /** Bytes of the body that have been framed so far. */
    long bodyBytes() {
        return framer.bodyBytes();
    }

    /** Bytes read that are not framed yet, from the position on; null if there are none. To be looked at only. */
    ByteBuffer unframed() {
        return buffer;
    }

    /** Says that the sink's end follows the message at once, or that it does not. */
    void endsSink(boolean ends) {
        endsSink = ends;
    }

    /**
     * Sends the head that the writer holds, and begins with the body.
     *
     * @param from       whom the body comes from; null if there is none
     * @param received   what was read behind the head, or null; from now on this flow's
     * @param bodyFramer has begun
     */
    Outcome begin(Connection from, Connection to, ByteBuffer received, BodyFramer bodyFramer,
                  MessageComposer.Shape shape) {
        assert state == State.IDLE;
        source = from;
        sink = to;
        buffer = received;
        framer = bodyFramer;
        state = State.BODY;
        return beginWith(shape);
    }

    /** Sends what the writer holds, a whole message. */
    Outcome beginWhole(Connection to) {
        assert state == State.IDLE;
        sink = to;
        state = State.LAST_BYTES;
        return beginWith(MessageComposer.Shape.PLAIN);
    }

    private Outcome beginWith(MessageComposer.Shape shape) {
        composer.begin(shape);
        if (buffer == null) {
            buffer = buffers.acquire();
            if (buffer != null) {
                composer.prepareForHead(buffer);
            }
        }
        composer.putHead(buffer);
        return pump();
    }

    /** Sends what the writer holds before anything else: an interim response. */
    Outcome sendInterim(Connection to) {
        assert state == State.IDLE;
        sink = to;
        output.putAhead(writer.copy());
        return writeInterim();
    }

    private Outcome writeInterim() {
        return switch (output.writeTo(sink, false)) {
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
        long before = writtenBytes();
        for (int reads = 0; reads < MOST_READS && writtenBytes() - before < MOST_BYTES; reads++) {
            Pipe pipe = isSpliceable() ? choice.takePipe() : null;
            if (pipe == null && !hasBuffer()) {
                return Outcome.GOES_ON;
            }
            int count = pipe != null ? splice(pipe) : copy();
            if (count <= 0) {
                return count == 0 ? Outcome.GOES_ON : onSourceEnd(count);
            }
            Outcome outcome = pump();
            if (outcome != Outcome.GOES_ON || isBlocked() || !choice.sourceHasMore()) {
                return outcome;
            }
        }
        return Outcome.GOES_ON;
    }

    /** Whether much of the body comes before anything that has to be looked at. */
    private boolean isSpliceable() {
        return buffer == null && composer.keepsRuns() && framer.spliceableBytes() >= LEAST_SPLICED_BYTES
                && !source.isSecure() && !sink.isSecure();
    }

    /** Reads once into the pipe; 0 also at the end, of which the next read, a copying one, tells. */
    private int splice(Pipe pipe) {
        int most = (int) Math.min(framer.spliceableBytes(), VesselChoice.MOST_SPLICED_BYTES);
        int count = source.read(pipe, most);
        if (count > 0) {
            choice.onSpliced(count);
            framer.skip(count);
            output.pipe(pipe);
            return count;
        }
        pipes.release(pipe);
        if (count == 0 || count == Connection.END) {
            choice.onNothingSpliced(count == Connection.END);
            return 0;
        }
        return count;
    }

    /** Reads once into the buffer. @return as the connection does */
    private int copy() {
        int count = Margins.read(source, buffer);
        if (count > 0) {
            choice.onCopied(count, Margins.isFull(buffer));
        } else {
            releaseBuffer();
        }
        return count;
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
        endsSink = false;
        runHeld = false;
        choice.reset();
        output.clear();
        releaseBuffer();
    }

    /** Perhaps asked for by an exchange that is over; while the sink is full, nothing is read by this one. */
    @Override
    public void onBuffer(ByteBuffer granted) {
        if (state == State.BODY && buffer == null && !isBlocked()) {
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
            switch (output.writeTo(sink, endsSink && state == State.LAST_BYTES)) {
                case ALL_WRITTEN -> { }
                case SINK_FULL -> {
                    return blocked();
                }
                case SINK_ABORTED -> {
                    sink.wantWrite(false);
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
            if (!composer.putRun(buffer, framer)) {
                return BodyEvent.DATA;
            }
            runHeld = false;
        }
        while (buffer != null || framer.isEnded()) {
            BodyEvent event = buffer == null ? BodyEvent.END : framer.next(buffer);
            if (event == BodyEvent.END) {
                state = State.LAST_BYTES;
                composer.putLastChunk(buffer, framer);
                return event;
            }
            if (event != BodyEvent.DATA) {
                return event;
            }
            if (!composer.putRun(buffer, framer)) {
                runHeld = true;
                return event;
            }
        }
        return BodyEvent.NEED_MORE;
    }

    private Outcome onSourceEnd(int count) {
        if (count == Connection.ABORTED) {
            return Outcome.SOURCE_ABORTED;
        }
        return framer.onEndOfStream() == null ? pump() : Outcome.TRUNCATED;
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
