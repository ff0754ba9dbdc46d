package io.sluice.l7.http;

import java.nio.ByteBuffer;

/**
 * Tells which of the bytes that arrive belong to the body of one message, and when the body ends, for every framing.
 * Used after a head parser: the caller asks {@link #next} for runs to pass on until the body has ended; the bytes left
 * in the buffer belong to the next message.
 *
 * <p>Owned by one event loop.
 */
public final class BodyFramer {

    private final ChunkParser chunks;

    private BodyFraming framing = BodyFraming.NONE;
    private long remaining;
    private long passed;
    private int runOffset;
    private int runLength;
    private boolean ended = true;
    private HttpError error;

    /** @param output the contents of a chunked body's runs; any other body is handed out as it is */
    public BodyFramer(HttpLimits limits, ChunkParser.Output output) {
        this.chunks = new ChunkParser(limits, output);
    }

    /** Begins a body of any size. @param contentLength counts only with {@link BodyFraming#LENGTH} */
    public void begin(BodyFraming bodyFraming, long contentLength) {
        framing = bodyFraming;
        remaining = contentLength;
        passed = 0;
        ended = bodyFraming == BodyFraming.NONE || bodyFraming == BodyFraming.TUNNEL;
        error = null;
        if (bodyFraming == BodyFraming.CHUNKED) {
            chunks.reset();
        }
    }

    /**
     * Bounds the body that has just begun; one that proves larger is refused.
     *
     * @param mostBytes without chunk framing
     * @return the error if the body's length says at once that it is larger, or null
     */
    public HttpError limit(long mostBytes) {
        if (framing == BodyFraming.CHUNKED) {
            chunks.limit(mostBytes);
        } else if (framing == BodyFraming.LENGTH && remaining > mostBytes) {
            error = HttpError.BODY_TOO_LARGE;
        }
        return error;
    }

    /** Takes the next bytes of the body from the buffer; call again after {@link BodyEvent#DATA}. */
    public BodyEvent next(ByteBuffer in) {
        if (error != null) {
            return BodyEvent.REFUSED;
        }
        return switch (framing) {
            case NONE, TUNNEL -> BodyEvent.END;
            case LENGTH -> nextOfLength(in);
            case CHUNKED -> nextOfChunks(in);
            case UNTIL_CLOSE -> nextUntilClose(in);
        };
    }

    /** Notes that bytes of the body were spliced, so that {@link #next} did not see them. */
    public void skip(long countBytes) {
        assert countBytes <= spliceableBytes();
        if (framing == BodyFraming.CHUNKED) {
            chunks.skip(countBytes);
            return;
        }
        passed += countBytes;
        if (framing == BodyFraming.LENGTH) {
            remaining -= countBytes;
            ended = remaining == 0;
        }
    }

    /** How many bytes are to come, if the head has said so; otherwise 0. */
    public long announcedBytes() {
        return framing == BodyFraming.LENGTH ? remaining : 0;
    }

    /**
     * How many bytes, framing included, are certain to be still to come. Whoever reads no more gets no byte of the next
     * message.
     */
    public long leastBytesToCome() {
        if (ended) {
            return 0;
        }
        return switch (framing) {
            case NONE, TUNNEL -> 0;
            case CHUNKED -> chunks.leastBytesToCome();
            case LENGTH -> remaining;
            case UNTIL_CLOSE -> Long.MAX_VALUE;
        };
    }

    /** How many bytes may be spliced; in a chunked body, the rest of the present chunk's data. */
    public long spliceableBytes() {
        return switch (framing) {
            case NONE, TUNNEL -> 0;
            case CHUNKED -> chunks.spliceableBytes();
            case LENGTH -> remaining;
            case UNTIL_CLOSE -> Long.MAX_VALUE;
        };
    }

    /** The sender has closed. @return whether no byte of the body is missing */
    public boolean onEndOfStream() {
        if (framing == BodyFraming.UNTIL_CLOSE) {
            ended = true;
        }
        return ended;
    }

    /** Whether no byte of the body is missing. */
    public boolean isEnded() {
        return ended;
    }

    public int runOffset() {
        return runOffset;
    }

    public int runLength() {
        return runLength;
    }

    /** Why the body was refused; null if it was not. */
    public HttpError error() {
        return error;
    }

    /** The trailers, if it is them that have been refused; or null. */
    public HeadParser refusedTrailers() {
        return framing == BodyFraming.CHUNKED ? chunks.refusedTrailers() : null;
    }

    /** Bytes of the body so far, without framing. */
    public long bodyBytes() {
        return framing == BodyFraming.CHUNKED ? chunks.bodyBytes() : passed;
    }

    /** The trailer fields of a chunked body that has ended. */
    public HeaderFields trailers() {
        return chunks.trailers();
    }

    private BodyEvent nextOfLength(ByteBuffer in) {
        if (remaining == 0) {
            return BodyEvent.END;
        }
        int count = (int) Math.min(remaining, in.remaining());
        remaining -= count;
        ended = remaining == 0;
        return run(in, count);
    }

    private BodyEvent nextUntilClose(ByteBuffer in) {
        if (ended) {
            return BodyEvent.END;
        }
        return run(in, in.remaining());
    }

    private BodyEvent run(ByteBuffer in, int count) {
        runOffset = in.position();
        runLength = count;
        passed += count;
        in.position(runOffset + count);
        return count > 0 ? BodyEvent.DATA : BodyEvent.NEED_MORE;
    }

    private BodyEvent nextOfChunks(ByteBuffer in) {
        assert !ended : "the parser would take the next message for trailers";
        BodyEvent event = chunks.next(in);
        runOffset = chunks.runOffset();
        runLength = chunks.runLength();
        ended = event == BodyEvent.END;
        error = chunks.error();
        return event;
    }
}
