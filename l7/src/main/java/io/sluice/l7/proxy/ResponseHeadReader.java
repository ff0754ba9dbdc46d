package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.net.Connection;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.ResponseParser;
import java.nio.ByteBuffer;

/** Reads response heads from a server, one at a time. Owned by one event loop. */
final class ResponseHeadReader {

    /** What a step has come to. */
    enum Step {
        /** Nothing more to read at present. */
        INCOMPLETE,
        /** A head is whole; {@link #takeRest} has what is behind it. */
        HEAD,
        /** The head is malformed; the parser's error says how. */
        REFUSED,
        /** The server has ended or reset the connection before the head was whole. */
        GONE,
        /** There is no buffer to read into. */
        NO_BUFFER
    }

    private final BufferPool buffers;
    private final ResponseParser parser;
    private ByteBuffer buffer;

    ResponseHeadReader(BufferPool buffers, ResponseParser parser) {
        this.buffers = buffers;
        this.parser = parser;
    }

    /** Goes on with what is behind the last head, or else reads. */
    Step step(Connection server) {
        if (buffer == null) {
            buffer = buffers.acquire();
            if (buffer == null) {
                return Step.NO_BUFFER;
            }
            int count = Margins.read(server, buffer);
            if (count <= 0) {
                clear();
                return count == 0 ? Step.INCOMPLETE : Step.GONE;
            }
        }
        Outcome outcome = parser.parse(buffer);
        if (outcome == Outcome.COMPLETE) {
            return Step.HEAD;
        }
        clear();
        return outcome == Outcome.INCOMPLETE ? Step.INCOMPLETE : Step.REFUSED;
    }

    /** Whether bytes were read that no head has taken. */
    boolean hasRest() {
        return buffer != null && buffer.hasRemaining();
    }

    /** The buffer with what is behind the head, perhaps nothing; now the caller's. */
    ByteBuffer takeRest() {
        ByteBuffer rest = buffer;
        buffer = null;
        return rest;
    }

    /** Gives the buffer back. */
    void clear() {
        if (buffer != null) {
            buffers.release(buffer);
            buffer = null;
        }
    }
}
