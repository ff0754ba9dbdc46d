package io.sluice.l7.http;

import java.nio.ByteBuffer;

/**
 * Takes a chunked body out of read buffers (RFC 9112, section 7.1), in any pieces and without copying bytes.
 *
 * <pre>
 *   SIZE --white space--> BLANK --;--> EXTENSION_NAME --token--> EXTENSION
 *    | +-----------------;-------------------^                      |
 *    +--CR--> SIZE_LF <--CR-----------------------------------------+
 *                +-- size above 0 --> DATA --> DATA_CR --> DATA_LF --> SIZE
 *                +-- size 0 --------> TRAILERS
 * </pre>
 *
 * <p>The results are runs of the buffer. With {@link Output#DECODED}, they have the data alone. With
 * {@link Output#CHUNKED}, they have the data with its verified framing, ready to be sent on, many chunks in one run;
 * extensions and leading zeros are cut out, as is the last chunk, which the caller writes together with the trailers.
 * Of a chunk header, only digits are handed out before the whole header has been verified; if the header proves
 * malformed, the body is refused. Owned by one event loop.
 */
public final class ChunkParser {

    /** The most bytes between a chunk size and the end of its line. */
    static final int MAX_EXTENSION_BYTES = 256;

    private static final int MAX_SIZE_DIGITS = 16;
    /** What follows a chunk's data at least: its line end and the last chunk. */
    private static final int LEAST_BEHIND_DATA = 7;
    /** What follows within a chunk's framing at least: the end of the last chunk's line, and an empty line. */
    private static final int LEAST_IN_FRAMING = 3;

    private final boolean framingKept;
    private final TrailerParser trailers;

    private long mostBodyBytes = Long.MAX_VALUE;
    private State state = State.SIZE;
    private long size;
    private int digits;
    private int extensionBytes;
    private long bodyBytes;
    private int runOffset;
    private int runLength;
    private HttpError error;

    /** The contents of runs. */
    public enum Output { DECODED, CHUNKED }

    private enum State { SIZE, BLANK, EXTENSION_NAME, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILERS }

    public ChunkParser(HttpLimits limits, Output output) {
        this.framingKept = output == Output.CHUNKED;
        this.trailers = new TrailerParser(limits);
    }

    /** Makes ready for the next body, of any size. */
    public void reset() {
        trailers.reset();
        mostBodyBytes = Long.MAX_VALUE;
        error = null;
        bodyBytes = 0;
        state = State.SIZE;
        size = 0;
        digits = 0;
        extensionBytes = 0;
    }

    /** Bounds the data of the body that comes next. */
    void limit(long mostBytes) {
        mostBodyBytes = mostBytes;
    }

    /**
     * Takes the next bytes from the buffer. Call again after {@link BodyEvent#DATA}, since there may be more; but not
     * after {@link BodyEvent#END} or {@link BodyEvent#REFUSED}.
     */
    public BodyEvent next(ByteBuffer in) {
        int limit = in.limit();
        int position = in.position();
        runOffset = position;
        while (position < limit && state != State.TRAILERS) {
            if (state == State.DATA) {
                position = takeData(position, limit);
                continue;
            }
            boolean kept = takeFraming(in.get(position));
            if (error != null) {
                in.position(position);
                return BodyEvent.REFUSED;
            }
            if (!kept && position > runOffset) {
                return run(in, position, position + 1);
            }
            position++;
            if (!kept) {
                runOffset = position;
            }
        }
        if (position > runOffset) {
            return run(in, position, position);
        }
        in.position(position);
        return state == State.TRAILERS ? takeTrailers(in) : BodyEvent.NEED_MORE;
    }

    /** How many bytes, framing included, are certain to be still to come. */
    long leastBytesToCome() {
        return switch (state) {
            case DATA -> size > Long.MAX_VALUE - LEAST_BEHIND_DATA ? size : size + LEAST_BEHIND_DATA;
            case TRAILERS -> 1;
            case SIZE, BLANK, EXTENSION_NAME, EXTENSION, SIZE_LF, DATA_CR, DATA_LF -> LEAST_IN_FRAMING;
        };
    }

    /** How many bytes of the present chunk's data have yet to come. */
    long spliceableBytes() {
        return state == State.DATA ? size : 0;
    }

    /** Notes that bytes of the present chunk's data were spliced, so that {@link #next} did not see them. */
    void skip(long countBytes) {
        size -= countBytes;
        bodyBytes += countBytes;
        if (size == 0) {
            state = State.DATA_CR;
        }
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

    /** Bytes of data so far, without framing. */
    public long bodyBytes() {
        return bodyBytes;
    }

    /** The trailers, if it is them that have been refused; or null. */
    HeadParser refusedTrailers() {
        return trailers.error() == null ? null : trailers;
    }

    /** The trailer fields; all of them once the body has ended. */
    public HeaderFields trailers() {
        return trailers.fields();
    }

    private BodyEvent run(ByteBuffer in, int end, int taken) {
        runLength = end - runOffset;
        in.position(taken);
        return BodyEvent.DATA;
    }

    private int takeData(int position, int limit) {
        int count = (int) Math.min(size, limit - position);
        skip(count);
        return position + count;
    }

    private BodyEvent takeTrailers(ByteBuffer in) {
        return switch (trailers.parse(in)) {
            case COMPLETE -> BodyEvent.END;
            case INCOMPLETE -> BodyEvent.NEED_MORE;
            case REFUSED -> {
                error = trailers.error();
                yield BodyEvent.REFUSED;
            }
        };
    }

    /** Takes one byte of framing. @return whether the byte belongs into the run */
    private boolean takeFraming(byte octet) {
        return switch (state) {
            case SIZE -> takeSize(octet);
            case BLANK -> takeBlank(octet);
            case EXTENSION_NAME -> takeExtensionName(octet);
            case EXTENSION -> takeExtension(octet);
            case SIZE_LF -> takeSizeLf(octet);
            case DATA_CR -> expect(octet, Octets.CR, State.DATA_LF, HttpError.BAD_CHUNK_END);
            case DATA_LF -> takeDataLf(octet);
            case DATA, TRAILERS -> throw new AssertionError(state);
        };
    }

    private boolean takeSize(byte octet) {
        int value = Octets.hexValue(octet);
        if (value < 0) {
            return takeSizeEnd(octet);
        }
        digits++;
        if (digits > MAX_SIZE_DIGITS || size > Long.MAX_VALUE >>> 4) {
            return refuse(HttpError.BAD_CHUNK_SIZE);
        }
        size = size << 4 | value;
        return framingKept && size > 0;
    }

    private boolean takeSizeEnd(byte octet) {
        if (digits == 0) {
            return refuse(HttpError.BAD_CHUNK_SIZE);
        }
        if (size > mostBodyBytes - bodyBytes) {
            return refuse(HttpError.BODY_TOO_LARGE);
        }
        return switch (octet) {
            case Octets.CR -> endSize();
            case ';' -> countExtension(State.EXTENSION_NAME);
            case Octets.SP, Octets.HTAB -> countExtension(State.BLANK);
            case Octets.LF -> refuse(HttpError.BARE_LF);
            default -> refuse(HttpError.BAD_CHUNK_SIZE);
        };
    }

    /** White space behind a size is allowed before an extension only. */
    private boolean takeBlank(byte octet) {
        if (octet != ';' && !Octets.isBlank(octet)) {
            return refuse(HttpError.BAD_CHUNK_SIZE);
        }
        return countExtension(octet == ';' ? State.EXTENSION_NAME : State.BLANK);
    }

    private boolean takeExtensionName(byte octet) {
        if (Octets.isBlank(octet)) {
            return countExtension(State.EXTENSION_NAME);
        }
        boolean begins = Octets.is(Octets.TOKEN, octet);
        return begins ? countExtension(State.EXTENSION) : refuse(HttpError.BAD_CHUNK_EXTENSION);
    }

    /** Extensions are dropped, so this looks only for bytes that could end the line. */
    private boolean takeExtension(byte octet) {
        if (octet == Octets.CR) {
            return endSize();
        }
        if (octet == Octets.LF) {
            return refuse(HttpError.BARE_LF);
        }
        boolean control = octet >= 0 && octet < Octets.SP && octet != Octets.HTAB || octet == 0x7f;
        return control ? refuse(HttpError.BAD_CHUNK_EXTENSION) : countExtension(State.EXTENSION);
    }

    private boolean countExtension(State next) {
        extensionBytes++;
        return extensionBytes > MAX_EXTENSION_BYTES ? refuse(HttpError.CHUNK_EXTENSION_TOO_LONG) : drop(next);
    }

    private boolean endSize() {
        state = State.SIZE_LF;
        return framingKept && size > 0;
    }

    private boolean takeSizeLf(byte octet) {
        return expect(octet, Octets.LF, size > 0 ? State.DATA : State.TRAILERS, HttpError.BARE_CR)
                && state == State.DATA;
    }

    private boolean takeDataLf(byte octet) {
        digits = 0;
        extensionBytes = 0;
        return expect(octet, Octets.LF, State.SIZE, HttpError.BAD_CHUNK_END);
    }

    private boolean expect(byte octet, byte expected, State next, HttpError otherwise) {
        if (octet != expected) {
            return refuse(otherwise);
        }
        state = next;
        return framingKept;
    }

    private boolean drop(State next) {
        state = next;
        return false;
    }

    private boolean refuse(HttpError reason) {
        error = reason;
        return false;
    }
}
