package io.sluice.l7.http;

/**
 * Walks over a comma-separated list (RFC 9110, section 5.6.1). Elements come without white space around them; empty
 * elements are included. Not for lists with quoted commas. Owned by one event loop.
 */
final class ListElements {

    private byte[] bytes;
    private int next;
    private int end;
    private int offset;
    private int length;

    /** Begins with the value of that field. */
    void of(HeaderFields fields, int index) {
        bytes = fields.bytes();
        next = fields.valueOffset(index);
        end = next + fields.valueLength(index);
    }

    /** Goes to the next element; an empty list has one empty element. */
    boolean next() {
        if (next > end) {
            return false;
        }
        int start = next;
        int stop = start;
        while (stop < end && bytes[stop] != ',') {
            stop++;
        }
        next = stop + 1;
        while (start < stop && Octets.isBlank(bytes[start])) {
            start++;
        }
        while (stop > start && Octets.isBlank(bytes[stop - 1])) {
            stop--;
        }
        offset = start;
        length = stop - start;
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    boolean is(byte[] lowerCaseText) {
        return Octets.isText(bytes, offset, length, lowerCaseText);
    }

    boolean isToken() {
        for (int i = offset; i < offset + length; i++) {
            if (!Octets.is(Octets.TOKEN, bytes[i])) {
                return false;
            }
        }
        return length > 0;
    }
}
