package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.VesselChoice;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.linux.Pipe;
import io.sluice.core.loop.Turn;
import io.sluice.core.net.Connection;
import io.sluice.l7.http.BodyEvent;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.FieldFilter;
import io.sluice.l7.http.HeadParser;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.route.HeaderEdits;
import java.nio.ByteBuffer;

/**
 * One direction of an exchange: sends a newly written head, then passes the body on run by run, with at most one buffer
 * of bytes in flight. While the sink is full, it does not read from the source. While buffers are scarce, it reads only
 * if the sink has room, so that sinks that take nothing leave buffers to others. It splices long stretches of a body
 * through a pipe if the body is bulk, by its length or its reads, and no framing interrupts the stretch.
 *
 * <pre>
 *   IDLE ── begin ──▶ BODY ── body whole ──▶ LAST_BYTES ── all written ──▶ ENDED
 *   BODY ── buffers scarce, and the sink without room ──▶ HELD ── room ──▶ BODY
 *   IDLE ── beginWhole ──▶ LAST_BYTES
 *   any ── reset ──▶ IDLE
 * </pre>
 *
 * <p>In IDLE, interim responses may be sent first. Only BODY reads from the source. Heads come from the writer that all
 * messages of a service share: whoever writes a head there has it sent at once.
 *
 * <p>Owned by one event loop; used again for the next exchange.
 */
final class MessageFlow {

    /** With fewer bytes to go until the next framing or the body's end, splicing does not pay. */
    private static final int LEAST_SPLICED_BYTES = 64 * 1024;

    /** What becomes of the bytes that were read beyond the end of a message. */
    enum Rest {
        /** They begin the next message, for which they may have to wait. */
        KEPT, DROPPED
    }

    private enum State { IDLE, BODY, HELD, LAST_BYTES, ENDED }

    /** The result of a step. */
    enum Outcome {
        GOES_ON,
        /** The last byte of the message has just been written. */
        ENDED,
        /** The body breaks its framing; {@link #error()} says how. */
        REFUSED,
        /** The source ended before the body did. */
        TRUNCATED, SOURCE_ABORTED, SINK_ABORTED
    }

    private final BufferPool buffers;
    private final PipePool pipes;
    private final VesselChoice choice;
    private final Output output;
    private final MessageComposer composer;
    private final HeadWriter writer;
    private final Rest rest;
    private State state = State.IDLE;
    private Connection source;
    private Connection sink;
    private BodyFramer framer;
    /** The bytes read; those from position to limit are not framed yet. Null if no bytes are in flight. */
    private ByteBuffer buffer;
    /** Whether the sink is half-closed or closed right after the message. */
    private boolean endsSink;

    MessageFlow(Vessels vessels, HeadWriter writer, Rest rest) {
        this.rest = rest;
        buffers = vessels.buffers();
        pipes = vessels.pipes();
        choice = new VesselChoice(vessels);
        output = new Output(vessels);
        this.writer = writer;
        composer = new MessageComposer(writer, output);
    }

    /** Whether no message has begun. */
    boolean isIdle() {
        return state == State.IDLE;
    }

    /** Whether the body is being passed on. */
    boolean passesBody() {
        return state == State.BODY || state == State.HELD;
    }

    /** Bytes that the sink has taken, heads and framing included. */
    long writtenBytes() {
        return output.writtenBytes();
    }

    /** Whether the sink has to take bytes before anything else can happen. */
    boolean isBlocked() {
        return state == State.HELD || !output.isEmpty();
    }

    HttpError error() {
        return framer.error();
    }

    /** Where the body breaks its framing. */
    Fault fault() {
        HeadParser trailers = framer.refusedTrailers();
        return trailers == null ? Fault.inBody(framer.bodyBytes(), buffer) : Fault.inTrailers(trailers);
    }

    /** Says whether the sink is half-closed or closed right after the message. */
    void endsSink(boolean ends) {
        endsSink = ends;
    }

    /**
     * Sends the writer's head and begins with the body.
     *
     * @param from       the source of the body
     * @param received   the bytes read behind the head, now owned by this flow; or null
     * @param bodyFramer a framer that has begun with this body
     * @param trailers   which trailers are not passed on
     */
    Outcome begin(Connection from, Connection to, ByteBuffer received, BodyFramer bodyFramer,
                  MessageComposer.Shape shape, FieldFilter trailers) {
        assert state == State.IDLE;
        source = from;
        sink = to;
        buffer = received;
        framer = bodyFramer;
        choice.onAnnounced(framer.announcedBytes());
        state = State.BODY;
        return beginWith(shape, trailers);
    }

    /** Sends the whole message that the writer holds. */
    Outcome beginWhole(Connection to) {
        assert state == State.IDLE;
        sink = to;
        state = State.LAST_BYTES;
        return beginWith(MessageComposer.Shape.PLAIN, HeaderEdits.NONE);
    }

    private Outcome beginWith(MessageComposer.Shape shape, FieldFilter trailers) {
        composer.begin(shape, trailers);
        if (buffer == null) {
            buffer = buffers.acquire();
            if (buffer != null) {
                composer.prepareForHead(buffer);
            }
        }
        composer.putHead(buffer);
        return pump();
    }

    /** Sends the head of an interim response or of a 101, which the writer holds, before any other message. */
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

    // ---- writing ----

    /** Composes and writes, until the sink is full or the source has to send more. */
    private Outcome pump() {
        for (;;) {
            BodyEvent event = state == State.BODY ? composer.putBody(buffer, framer) : BodyEvent.END;
            if (event == BodyEvent.REFUSED) {
                return Outcome.REFUSED;
            }
            if (event == BodyEvent.END) {
                state = State.LAST_BYTES;
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

    private Outcome ended() {
        state = State.ENDED;
        // An interim response that had to wait may have asked for writable events.
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

    /** Stops reading from the source: the sink takes no more. */
    private void stopReading() {
        if (source != null) {
            source.wantRead(false);
        }
    }

    /** The sink can take bytes again. */
    Outcome onWritable() {
        sink.wantWrite(false);
        if (passesBody()) {
            state = State.BODY;
            source.wantRead(true);
        }
        return state == State.IDLE ? writeInterim() : pump();
    }

    // ---- reading ----

    /** The source has bytes, or has ended. */
    Outcome onReadable() {
        if (state != State.BODY || isBlocked()) {
            return Outcome.GOES_ON;
        }
        long before = writtenBytes();
        for (int reads = 0; Turn.mayReadOn(reads, writtenBytes() - before); reads++) {
            Pipe pipe = isSpliceable() ? choice.takePipe() : null;
            if (pipe == null && !findRoom()) {
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

    /** Whether a long stretch of the body comes next, and both sides are without TLS. */
    private boolean isSpliceable() {
        return buffer == null && composer.keepsRuns() && framer.spliceableBytes() >= LEAST_SPLICED_BYTES
                && !source.isSecure() && !sink.isSecure();
    }

    /** Reads once into the pipe. @return as {@link Connection#read}, but 0 at the end, which the next copy reports */
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

    /** Reads once into the buffer. @return as {@link Connection#read} */
    private int copy() {
        int count = Margins.read(source, buffer, mostBytes());
        if (count > 0) {
            choice.onCopied(count, Margins.isFull(buffer));
        } else {
            releaseBuffer();
        }
        return count;
    }

    /**
     * How many bytes to read. The reserve of buffers is for bytes that move on at once: once it is in use, the next
     * message stays with the kernel, as it would keep the buffer for as long as it has to wait.
     */
    private long mostBytes() {
        return rest == Rest.DROPPED || buffers.hasSpare() ? Long.MAX_VALUE : framer.leastBytesToCome();
    }

    private Outcome onSourceEnd(int count) {
        if (count == Connection.ABORTED) {
            return Outcome.SOURCE_ABORTED;
        }
        return framer.onEndOfStream() ? pump() : Outcome.TRUNCATED;
    }

    // ---- the buffer ----

    /** Whether more may be read; if not, {@link #onWritable} or {@link #onReadable} is called once it may. */
    private boolean findRoom() {
        if (buffers.areScarce() && !sink.hasRoom()) {
            state = State.HELD;
            // Nothing is in it: all that was read before has been passed on.
            releaseBuffer();
            blocked();
            return false;
        }
        if (buffer == null) {
            buffer = source.acquireBuffer(buffers);
        }
        return buffer != null;
    }

    private void releaseBuffer() {
        if (buffer != null) {
            buffers.release(buffer);
            buffer = null;
        }
    }

    // ---- the end ----

    /** Takes the bytes that were read beyond the end of the body; or null. */
    ByteBuffer takeRest() {
        ByteBuffer behind = buffer;
        buffer = null;
        return behind;
    }

    /** Drops all bytes in flight, so that another message can begin. */
    void reset() {
        state = State.IDLE;
        source = null;
        sink = null;
        framer = null;
        endsSink = false;
        choice.reset();
        output.clear();
        releaseBuffer();
    }
}
