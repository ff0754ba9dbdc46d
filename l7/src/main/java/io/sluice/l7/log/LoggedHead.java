package io.sluice.l7.log;

import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.RequestParser;
import java.nio.ByteBuffer;

/**
 * The head of a logged request, parsed up to the fault if it was refused or cut. Missing parts are empty slices. All
 * parts are text from the wire, which the caller must escape.
 *
 * <p>Owned by the log writer's thread.
 */
final class LoggedHead {

    private static final int LEAST_FIELD_BYTES = 4;
    private static final HttpLimits LIMITS = new HttpLimits(AccessRecord.MOST_HEAD_BYTES,
            AccessRecord.MOST_HEAD_BYTES / LEAST_FIELD_BYTES, AccessRecord.MOST_HEAD_BYTES);

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

    /** The first line that is not empty, as sent. */
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

    /** The target as sent. */
    Slice target() {
        return ofRequestLine(parser.targetOffset(), parser.targetLength());
    }

    /** The path as sent, also of a target that is a whole URI. */
    Slice path() {
        return ofRequestLine(parser.pathOffset(), parser.pathLength());
    }

    /** The query without the question mark. */
    Slice query() {
        return ofRequestLine(parser.queryOffset() + 1, Math.max(0, parser.queryLength() - 1));
    }

    /** The protocol, such as {@code HTTP/1.1}, or null. */
    String protocol() {
        if (!hasRequestLine()) {
            return null;
        }
        return parser.minorVersion() == 0 ? "HTTP/1.0" : "HTTP/1.1";
    }

    /** The requested host without the port; if the head is not whole, the value of Host as sent. */
    Slice host() {
        if (!isWhole) {
            return field(KnownField.HOST);
        }
        return parser.hostLength() == 0 ? Slice.NONE
                : new Slice(parser.bytes(), parser.hostOffset(), parser.hostLength());
    }

    /** The X-Request-Id that the client sent; empty if it sent none, even though Sluice has then made one. */
    Slice requestId() {
        return field(KnownField.X_REQUEST_ID);
    }

    /** The value of the first field with that name, given in lower case. */
    Slice field(byte[] lowerCaseName) {
        return valueAt(parser.fields().find(lowerCaseName));
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
