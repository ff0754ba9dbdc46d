package io.sluice.l7.proxy;

import io.sluice.l7.http.BodyEvent;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.FieldFilter;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HeaderFields;
import java.nio.ByteBuffer;

/**
 * Puts together what a {@link MessageFlow} sends: head, runs of the body, chunk heads and the last chunk. Where there
 * is room, it puts them into the buffer that the body was read into, so that all of it leaves in one write and the body
 * is copied to no other. Owned by one event loop.
 */
final class MessageComposer {

    /** How the body that the sink gets is framed. */
    enum Shape {
        /** The framer hands out plain bytes; they are sent as they are. */
        PLAIN,
        /** The framer hands out chunks; they are sent as they are, but the last one is written anew. */
        CHUNKS_KEPT,
        /** The framer hands out plain bytes; each run is made a chunk. */
        CHUNKS_MADE
    }

    private final HeadWriter writer;
    private final Output output;
    private Shape shape;
    private FieldFilter filter;
    /** Whether the framer's present run waits until the output's run is written. */
    private boolean runHeld;

    /** @param output takes what is put together */
    MessageComposer(HeadWriter writer, Output output) {
        this.writer = writer;
        this.output = output;
    }

    /** @param trailers which trailers are not passed on */
    void begin(Shape bodyShape, FieldFilter trailers) {
        shape = bodyShape;
        filter = trailers;
        runHeld = false;
    }

    /** Whether runs of the body are sent as they are, with nothing inserted between them. */
    boolean keepsRuns() {
        return shape != Shape.CHUNKS_MADE;
    }

    /** Empties a buffer, with just enough room at its start for the writer's head. */
    void prepareForHead(ByteBuffer buffer) {
        int room = writer.length() <= buffer.capacity() ? writer.length() : 0;
        buffer.position(room).limit(room);
    }

    /** Puts the writer's head before the bytes read, of which there may be none. */
    void putHead(ByteBuffer read) {
        // With CHUNKS_MADE, the room before the bytes is needed for the chunk's size line.
        if (read != null && shape != Shape.CHUNKS_MADE && makeRoomForHead(read)) {
            int end = read.position();
            writer.copyTo(read, end - writer.length());
            output.run(read, end - writer.length(), end);
        } else {
            output.putAhead(writer.copy());
        }
    }

    /** Moves the bytes read if there is too little room for the head before them; false if they fill the buffer. */
    private boolean makeRoomForHead(ByteBuffer read) {
        int room = writer.length();
        int start = read.position();
        int count = read.remaining();
        if (room <= start) {
            return true;
        }
        if (room + count > read.capacity()) {
            return false;
        }
        read.limit(room + count).put(room, read, start, count).position(room);
        return true;
    }

    /**
     * Frames the bytes read and puts what can leave in one piece. DATA means that this has to be written before more is
     * put, END that all of the body has been put.
     *
     * @param read null if no bytes have been read
     */
    BodyEvent putBody(ByteBuffer read, BodyFramer framer) {
        BodyEvent event;
        do {
            event = next(read, framer);
            runHeld = event == BodyEvent.DATA && !putRun(read, framer);
        } while (event == BodyEvent.DATA && !runHeld);
        if (event == BodyEvent.END) {
            putLastChunk(read, framer);
        }
        return event;
    }

    private BodyEvent next(ByteBuffer read, BodyFramer framer) {
        if (runHeld) {
            return BodyEvent.DATA;
        }
        if (read != null) {
            return framer.next(read);
        }
        return framer.isEnded() ? BodyEvent.END : BodyEvent.NEED_MORE;
    }

    /** Puts the framer's present run; false if the output's run has to be written first. */
    private boolean putRun(ByteBuffer read, BodyFramer framer) {
        int start = framer.runOffset();
        int end = start + framer.runLength();
        if (shape == Shape.CHUNKS_MADE) {
            return putChunk(read, start, end);
        }
        if (!output.hasRun()) {
            output.run(read, start, end);
            return true;
        }
        if (output.runEnd() != start) {
            return false;
        }
        output.extendRun(end);
        return true;
    }

    /** Makes a run one chunk, with its framing in the room around the run. */
    private boolean putChunk(ByteBuffer read, int start, int end) {
        if (output.hasRun()) {
            return false;
        }
        writer.clear().hexSize(end - start).lineEnd();
        int chunkStart = start - writer.length();
        int chunkEnd = end + Margins.TAIL_BYTES;
        writer.copyTo(read, chunkStart);
        read.limit(chunkEnd).put(end, (byte) '\r').put(end + 1, (byte) '\n').position(end).limit(end);
        output.run(read, chunkStart, chunkEnd);
        return true;
    }

    /** Puts the last chunk and the trailers, in the place of the framing that was read if they fit. */
    private void putLastChunk(ByteBuffer read, BodyFramer framer) {
        if (shape == Shape.PLAIN) {
            return;
        }
        HeaderFields trailers = framer.trailers();
        int trailerCount = shape == Shape.CHUNKS_KEPT ? trailers.count() : 0;
        writer.clear().put('0').lineEnd();
        for (int i = 0; i < trailerCount; i++) {
            if (!filter.drops(trailers, i)) {
                writer.field(trailers, i);
            }
        }
        writer.lineEnd();
        if (read == null || !putInPlace(read)) {
            output.putBehind(writer.copy());
        }
    }

    private boolean putInPlace(ByteBuffer read) {
        int start = output.hasRun() ? output.runEnd() : read.position() - writer.length();
        int end = start + writer.length();
        if (start < 0 || end > read.position()) {
            return false;
        }
        writer.copyTo(read, start);
        if (output.hasRun()) {
            output.extendRun(end);
        } else {
            output.run(read, start, end);
        }
        return true;
    }
}
