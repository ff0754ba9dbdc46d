package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.net.Connection;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.ResponseParser;
import java.nio.ByteBuffer;

/** Reads response heads from a server, one at a time. Owned by one event loop. */
final class ResponseHeadReader {

    /** The result of a step. */
    enum Step {
        /** The head is not whole yet. */
        INCOMPLETE,
        /** A head is whole; {@link #takeRest} returns the bytes behind it. */
        HEAD,
        /** The head is malformed; the parser's error says how. */
        REFUSED,
        /** The server has ended or reset the connection before the head was whole. */
        SERVER_GONE,
        /** Only of {@link ResponseTransfer#readHead}: the client was gone when it was sent an interim response. */
        CLIENT_GONE
    }

    private final BufferPool buffers;
    private final ResponseParser parser;
    private ByteBuffer buffer;

    ResponseHeadReader(BufferPool buffers, ResponseParser parser) {
        this.buffers = buffers;
        this.parser = parser;
    }

    /** Parses the bytes behind the last head if there are any; otherwise reads once and parses. */
    Step step(Connection server) {
        if (buffer != null) {
            return parse();
        }
        buffer = server.acquireBuffer(buffers);
        if (buffer == null) {
            return Step.INCOMPLETE;
        }
        int count = Margins.read(server, buffer);
        if (count <= 0) {
            clear();
            return count == 0 ? Step.INCOMPLETE : Step.SERVER_GONE;
        }
        return parse();
    }

    /** Whether bytes were read behind the last head; releases the buffer if not. */
    boolean goesOn() {
        if (!buffer.hasRemaining()) {
            clear();
        }
        return buffer != null;
    }

    private Step parse() {
        Outcome outcome = parser.parse(buffer);
        if (outcome == Outcome.COMPLETE) {
            return Step.HEAD;
        }
        clear();
        return outcome == Outcome.INCOMPLETE ? Step.INCOMPLETE : Step.REFUSED;
    }

    /** Hands the buffer to the caller, with the bytes behind the head; there may be none. */
    ByteBuffer takeRest() {
        ByteBuffer rest = buffer;
        buffer = null;
        return rest;
    }

    /** Drops the bytes read. */
    void clear() {
        if (buffer != null) {
            buffers.release(buffer);
            buffer = null;
        }
    }
}
