package io.sluice.l7.proxy;

import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HeaderFields;
import java.nio.ByteBuffer;

/**
 * Puts together what a {@link MessageFlow} sends: head, runs of the body, chunk heads and the last chunk, in the buffer
 * that the body was read into wherever there is room, so that all of it leaves in one write and the body is not copied.
 * Owned by one event loop.
 */
final class MessageComposer {

    /** What the sink is sent of the body's framing. */
    enum Shape {
        /** The body as the framer hands it out, which is without chunks. */
        PLAIN,
        /** The framer hands out chunks; the last one is written anew. */
        CHUNKS_KEPT,
        /** A body that its framer hands out without chunks gets some. */
        CHUNKS_MADE
    }

    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    private final HeadWriter writer;
    private final Output output;
    private Shape shape;

    /** @param output where it is put */
    MessageComposer(HeadWriter writer, Output output) {
        this.writer = writer;
        this.output = output;
    }

    void begin(Shape bodyShape) {
        shape = bodyShape;
    }

    /** Whether runs of the body leave as they are, with nothing of Sluice's between them. */
    boolean keepsRuns() {
        return shape != Shape.CHUNKS_MADE;
    }

    /** Makes a buffer of the pool one that holds nothing, with just the room before that the writer's head needs. */
    void prepareForHead(ByteBuffer buffer) {
        int room = writer.length() <= buffer.capacity() ? writer.length() : 0;
        buffer.position(room).limit(room);
    }

    /** Puts the head that the writer holds before what was read, if anything was. */
    void putHead(ByteBuffer read) {
        // What is made a chunk first gets a chunk's head.
        if (read != null && shape != Shape.CHUNKS_MADE && writer.length() <= read.position()) {
            int end = read.position();
            writer.copyTo(read, end - writer.length());
            output.run(read, end - writer.length(), end);
        } else {
            output.putAhead(writer.copy());
        }
    }

    /** Puts the run that the framer has handed out; false if what is there has to be written before. */
    boolean putRun(ByteBuffer read, BodyFramer framer) {
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

    /** Makes a run one chunk, in the room around it. */
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

    /** The last chunk with its trailers; where there are none, in the place of the one that came. */
    void putLastChunk(ByteBuffer read, BodyFramer framer) {
        if (shape == Shape.PLAIN) {
            return;
        }
        HeaderFields trailers = framer.trailers();
        int trailerCount = shape == Shape.CHUNKS_KEPT ? trailers.count() : 0;
        if (trailerCount == 0 && read != null && putLastChunkInPlace(read)) {
            return;
        }
        writer.clear().put('0').lineEnd();
        for (int i = 0; i < trailerCount; i++) {
            writer.field(trailers, i);
        }
        output.putBehind(writer.lineEnd().copy());
    }

    private boolean putLastChunkInPlace(ByteBuffer read) {
        int start = output.hasRun() ? output.runEnd() : read.position() - LAST_CHUNK.length;
        int end = start + LAST_CHUNK.length;
        if (end > read.position()) {
            return false;
        }
        read.put(start, LAST_CHUNK);
        if (output.hasRun()) {
            output.extendRun(end);
        } else {
            output.run(read, start, end);
        }
        return true;
    }
}
