package io.sluice.l7.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes a section of field lines, and the start line before it, out of read buffers (RFC 9112, sections 2 and 5).
 *
 * <pre>
 *   START_LINE --CR LF--> FIELDS --empty line--> DONE          any byte that cannot stand there: refused
 * </pre>
 *
 * <p>Bytes are first copied into an array of this parser, a kilobyte at a time, so that little of a body behind the
 * head is copied. That costs about as much as scanning twenty bytes. In return the read buffer is free at once, the
 * head outlives it (a retry needs the head again), and a NUL behind the last byte stops every scan, so that scans need
 * not compare positions. Scanning an array takes as long as scanning a direct buffer (measured).
 *
 * <p>A head may come in any pieces: each scan resumes where the bytes ran out, so the time is linear in the bytes, and
 * the outcome does not depend on the pieces. Owned by one event loop.
 */
public abstract sealed class HeadParser permits RequestParser, ResponseParser, TrailerParser {

    private static final int NONE = -1;

    private final HttpLimits limits;
    private final int firstCopyBytes;
    private final HeaderFields fields;
    private byte[] bytes;
    private int length;
    private Phase phase = Phase.START_LINE;
    private HttpError error;
    private int faultPosition;

    /** Start of the line in progress. */
    private int line;
    /** Where scanning resumes. */
    private int scan;
    /** The colon of the line in progress, or NONE while its name has not ended. */
    private int colon = NONE;

    private enum Phase { START_LINE, FIELDS, DONE }

    HeadParser(HttpLimits limits, int firstCopyBytes) {
        this.limits = limits;
        this.firstCopyBytes = firstCopyBytes;
        this.fields = new HeaderFields(limits.fields());
        this.bytes = new byte[firstCopyBytes + Octets.PADDING];
        fields.wrap(bytes);
    }

    /** Makes ready for the next head; invalidates all positions in the last one. */
    public void reset() {
        fields.clear();
        phase = Phase.START_LINE;
        error = null;
        length = 0;
        line = 0;
        scan = 0;
        colon = NONE;
    }

    /**
     * Takes bytes from the buffer, up to the end of the head. After {@link Outcome#COMPLETE} or
     * {@link Outcome#REFUSED}, {@link #reset()} must come first.
     */
    public final Outcome parse(ByteBuffer in) {
        assert phase != Phase.DONE && error == null : "reset() first";
        Outcome outcome = Outcome.INCOMPLETE;
        while (outcome == Outcome.INCOMPLETE && copy(in)) {
            outcome = parseCopied();
        }
        if (outcome == Outcome.COMPLETE) {
            in.position(in.position() - (length - scan));
            length = scan;
            phase = Phase.DONE;
        } else if (outcome == Outcome.INCOMPLETE && length == limits.headBytes()) {
            outcome = refuse(HttpError.HEAD_TOO_LARGE, length);
        }
        return outcome;
    }

    /** Why the head was refused; null if it was not. */
    public final HttpError error() {
        return error;
    }

    /** The position of the byte at fault in a refused head; the length so far if something is missing at the end. */
    public final int faultPosition() {
        return faultPosition;
    }

    /** Whether a byte of a head has been taken since {@link #reset()}. */
    public final boolean hasBegun() {
        return length > 0;
    }

    /** Whether a whole head was taken, and the parser had nothing against it. */
    public final boolean isComplete() {
        return phase == Phase.DONE;
    }

    /** Whether the start line was understood, even if the head is refused or cut later. */
    public final boolean hasStartLine() {
        return phase != Phase.START_LINE;
    }

    /** Bytes of the head taken so far; once complete, its length with the empty line. */
    public final int headLength() {
        return length;
    }

    /** The array to which all positions refer, until {@link #reset()}. */
    public final byte[] bytes() {
        return bytes;
    }

    public final HeaderFields fields() {
        return fields;
    }

    /** Parses the start line from {@link #scan()} on; calls {@link #startLineEnds} at its end. */
    abstract Outcome startLine();

    /** Judges the whole head. */
    abstract HttpError finish();

    final HttpLimits limits() {
        return limits;
    }

    final int scan() {
        return scan;
    }

    /** Remembers where to resume scanning when more bytes have come. */
    final Outcome needMore(int position) {
        scan = position;
        return Outcome.INCOMPLETE;
    }

    final Outcome startLineEnds(int position) {
        scan = position;
        line = position;
        phase = Phase.FIELDS;
        return Outcome.COMPLETE;
    }

    final Outcome refuse(HttpError reason, int position) {
        error = reason;
        faultPosition = position;
        return Outcome.REFUSED;
    }

    /** Whether the position is behind the last byte received, so that its byte is not the peer's. */
    final boolean isEnd(int position) {
        return position == length;
    }

    /** COMPLETE if there is CR LF at the position. @param otherwise the reason to refuse any byte but CR and LF */
    final Outcome lineEnd(int position, HttpError otherwise) {
        if (bytes[position] == Octets.CR) {
            if (bytes[position + 1] == Octets.LF) {
                return Outcome.COMPLETE;
            }
            return isEnd(position + 1) ? needMore(position) : refuse(HttpError.BARE_CR, position);
        }
        if (bytes[position] == Octets.LF) {
            return refuse(HttpError.BARE_LF, position);
        }
        return isEnd(position) ? needMore(position) : refuse(otherwise, position);
    }

    private boolean copy(ByteBuffer in) {
        int room = Math.min(limits.headBytes() - length, Math.max(firstCopyBytes, length));
        int count = Math.min(in.remaining(), room);
        int newLength = length + count;
        if (newLength + Octets.PADDING > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(newLength, 2 * length) + Octets.PADDING);
            fields.wrap(bytes);
        }
        in.get(bytes, length, count);
        bytes[newLength] = 0;
        length = newLength;
        return count > 0;
    }

    private Outcome parseCopied() {
        if (phase == Phase.START_LINE) {
            Outcome outcome = startLine();
            if (outcome != Outcome.COMPLETE) {
                return outcome;
            }
        }
        Outcome outcome = fieldLines();
        if (outcome != Outcome.COMPLETE) {
            return outcome;
        }
        HttpError fault = finish();
        return fault == null ? Outcome.COMPLETE : refuse(fault, faultOf(fault));
    }

    private Outcome fieldLines() {
        byte[] head = bytes;
        int position = scan;
        int start = line;
        int nameEnd = colon;
        while (true) {
            if (nameEnd == NONE) {
                position = Octets.endOfName(head, position);
                if (head[position] != ':' || position == start) {
                    line = start;
                    colon = NONE;
                    return nameStopped(position);
                }
                nameEnd = position;
            }
            position = Octets.endOfValue(head, position);
            if (head[position] != Octets.CR || head[position + 1] != Octets.LF) {
                line = start;
                colon = nameEnd;
                return lineEnd(position, HttpError.CONTROL_IN_VALUE);
            }
            if (!addField(head, start, nameEnd, position)) {
                return refuse(HttpError.TOO_MANY_FIELDS, start);
            }
            position += 2;
            start = position;
            nameEnd = NONE;
        }
    }

    private boolean addField(byte[] head, int name, int nameEnd, int valueEnd) {
        int start = nameEnd + 1;
        int end = valueEnd;
        while (Octets.isBlank(head[start])) {
            start++;
        }
        while (start < end && Octets.isBlank(head[end - 1])) {
            end--;
        }
        return fields.add(name, nameEnd - name, start, end - start);
    }

    /** The position for a fault of the whole head: the value of the field that breaks the rule, or the head's end. */
    private int faultOf(HttpError fault) {
        KnownField field = switch (fault) {
            case REPEATED_HOST, BAD_HOST, HOST_DIFFERS_FROM_TARGET -> KnownField.HOST;
            case BAD_CONTENT_LENGTH, DIFFERING_CONTENT_LENGTH -> KnownField.CONTENT_LENGTH;
            case LENGTH_AND_TRANSFER_ENCODING, BAD_TRANSFER_ENCODING, UNKNOWN_TRANSFER_ENCODING,
                 TRANSFER_ENCODING_IN_HTTP_1_0 -> KnownField.TRANSFER_ENCODING;
            case BAD_CONNECTION, CONNECTION_NAMES_FRAMING -> KnownField.CONNECTION;
            default -> null;
        };
        int index = field == null ? HeaderFields.NONE : fields.find(field);
        return index == HeaderFields.NONE ? scan - 2 : fields.valueOffset(index);
    }

    private Outcome nameStopped(int position) {
        if (isEnd(position)) {
            return needMore(position);
        }
        boolean first = position == line;
        return switch (bytes[position]) {
            case Octets.CR -> first ? endOfHead(position) : refuse(HttpError.MISSING_COLON, position);
            case Octets.LF -> refuse(HttpError.BARE_LF, position);
            case Octets.SP, Octets.HTAB -> refuse(first ? HttpError.OBS_FOLD : HttpError.SPACE_BEFORE_COLON,
                    position);
            case ':' -> refuse(HttpError.EMPTY_FIELD_NAME, position);
            default -> refuse(HttpError.BAD_FIELD_NAME, position);
        };
    }

    private Outcome endOfHead(int position) {
        Outcome outcome = lineEnd(position, HttpError.BARE_CR);
        if (outcome == Outcome.COMPLETE) {
            scan = position + 2;
        }
        return outcome;
    }
}
