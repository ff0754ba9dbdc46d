package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.BufferWaiter;
import io.sluice.core.net.Connection;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.ResponseParser;
import java.nio.ByteBuffer;

/** Reads response heads from a server, one at a time. Owned by one event loop. */
final class ResponseHeadReader implements BufferWaiter {

    /** What a step has come to. */
    enum Step {
        /** Nothing more to read at present. */
        INCOMPLETE,
        /** A head is whole; {@link #takeRest} has what is behind it. */
        HEAD,
        /** The head is malformed; the parser's error says how. */
        REFUSED,
        /** The server has ended or reset the connection before the head was whole. */
        SERVER_GONE,
        /** The client was to get an interim response and is gone. */
        CLIENT_GONE
    }

    private final BufferPool buffers;
    private final ResponseParser parser;
    private ByteBuffer buffer;
    /** The server that is not read from for want of a buffer, or null. */
    private Connection halted;
    private boolean awaitsBuffer;

    ResponseHeadReader(BufferPool buffers, ResponseParser parser) {
        this.buffers = buffers;
        this.parser = parser;
    }

    /** Goes on with what is behind the last head, or else reads. */
    Step step(Connection server) {
        if (buffer != null) {
            return parse();
        }
        buffer = buffers.acquire();
        if (buffer == null) {
            halt(server);
            return Step.INCOMPLETE;
        }
        halted = null;
        int count = Margins.read(server, buffer);
        if (count <= 0) {
            clear();
            return count == 0 ? Step.INCOMPLETE : Step.SERVER_GONE;
        }
        return parse();
    }

    /** Whether there is something behind the last head to go on with. */
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

    /** The buffer with what is behind the head, perhaps nothing; now the caller's. */
    ByteBuffer takeRest() {
        ByteBuffer rest = buffer;
        buffer = null;
        return rest;
    }

    /** Forgets what was read. */
    void clear() {
        halted = null;
        if (buffer != null) {
            buffers.release(buffer);
            buffer = null;
        }
    }

    private void halt(Connection server) {
        server.wantRead(false);
        halted = server;
        if (!awaitsBuffer) {
            awaitsBuffer = true;
            buffers.await(this);
        }
    }

    /** There may be a buffer again; it is taken when there is something to read. */
    @Override
    public void onBuffer(ByteBuffer granted) {
        awaitsBuffer = false;
        buffers.release(granted);
        if (halted != null) {
            halted.wantRead(true);
            halted = null;
        }
    }
}
