package io.sluice.l7.log;

import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.RequestParser;
import java.nio.ByteBuffer;

/**
 * The head of a logged request, taken apart as far as it can be: of one that was refused or cut, what stands before the
 * fault. What is not there is an empty slice. All of it is text from the wire, to be escaped by whoever writes it.
 *
 * <p>Owned by the log writer's thread.
 */
final class LoggedHead {

    private static final int LEAST_FIELD_BYTES = 4;
    private static final HttpLimits LIMITS = new HttpLimits(AccessRecord.MOST_HEAD_BYTES,
            AccessRecord.MOST_HEAD_BYTES / LEAST_FIELD_BYTES, AccessRecord.MOST_HEAD_BYTES, Long.MAX_VALUE);

    private final RequestParser parser = new RequestParser(LIMITS);
    private byte[] head;
    private int length;
    private boolean isWhole;

    void read(AccessRecord record) {
        head = record.head;
        length = record.headLength;
        parser.reset();
        isWhole = parser.parse(ByteBuffer.wrap(head, 0, length)) == Outcome.COMPLETE;
    }

    /** Whether the request line was understood; without it there is only {@link #request}. */
    boolean hasRequestLine() {
        return parser.hasStartLine();
    }

    /** The first line that is not empty, as it came. */
    Slice request() {
        int from = 0;
        while (from < length && isLineEnd(head[from])) {
            from++;
        }
        int to = from;
        while (to < length && !isLineEnd(head[to])) {
            to++;
        }
        return new Slice(head, from, to - from);
    }

    Slice method() {
        return ofRequestLine(parser.methodOffset(), parser.methodLength());
    }

    /** As sent. */
    Slice target() {
        return ofRequestLine(parser.targetOffset(), parser.targetLength());
    }

    /** As sent, also if the target is a whole URI. */
    Slice path() {
        return ofRequestLine(parser.pathOffset(), parser.pathLength());
    }

    /** Without the question mark. */
    Slice query() {
        return ofRequestLine(parser.queryOffset() + 1, Math.max(0, parser.queryLength() - 1));
    }

    /** Such as {@code HTTP/1.1}, or null. */
    String protocol() {
        if (!hasRequestLine()) {
            return null;
        }
        return parser.minorVersion() == 0 ? "HTTP/1.0" : "HTTP/1.1";
    }

    /** The host that the request is for, without the port; of a head that is not whole, its Host as sent. */
    Slice host() {
        if (!isWhole) {
            return field(KnownField.HOST);
        }
        return parser.hostLength() == 0 ? Slice.NONE
                : new Slice(parser.bytes(), parser.hostOffset(), parser.hostLength());
    }

    /** Empty, too, if Sluice has made one because none was sent. */
    Slice requestId() {
        return field(KnownField.X_REQUEST_ID);
    }

    /** The value of the first field of that name, which is given in lower case. */
    Slice field(byte[] lowerCaseName) {
        return valueAt(parser.fields().find(lowerCaseName, 0));
    }

    Slice field(KnownField field) {
        return valueAt(parser.fields().find(field));
    }

    private Slice valueAt(int index) {
        HeaderFields fields = parser.fields();
        return index == HeaderFields.NONE ? Slice.NONE
                : new Slice(fields.bytes(), fields.valueOffset(index), fields.valueLength(index));
    }

    private Slice ofRequestLine(int offset, int lengthBytes) {
        return hasRequestLine() ? new Slice(parser.bytes(), offset, lengthBytes) : Slice.NONE;
    }

    private static boolean isLineEnd(byte octet) {
        return octet == '\r' || octet == '\n';
    }
}
