package io.sluice.l7.http;

/**
 * Walks over the comma-separated list of a field, over all lines of the field. Elements come without white space around
 * them; empty ones are included (RFC 9110, section 5.6.1). Not for lists with quoted commas. Owned by one event loop.
 */
final class ListElements {

    private HeaderFields fields;
    private KnownField field;
    /** The line of the next element, or {@link HeaderFields#NONE}. */
    private int line;
    /** What is left of the line's value. */
    private int next;
    private int end;
    private int offset;
    private int length;

    /** Begins before the first element of that field. */
    void of(HeaderFields of, KnownField known) {
        fields = of;
        field = known;
        goToLine(of.find(known));
    }

    /** Goes to the next element; an empty line has one empty element. False if there is none. */
    boolean next() {
        if (line == HeaderFields.NONE) {
            return false;
        }
        byte[] bytes = fields.bytes();
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
        if (next > end) {
            goToLine(fields.findNext(field, line));
        }
        return true;
    }

    private void goToLine(int index) {
        line = index;
        if (index != HeaderFields.NONE) {
            next = fields.valueOffset(index);
            end = next + fields.valueLength(index);
        }
    }

    byte[] bytes() {
        return fields.bytes();
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    boolean is(byte[] lowerCaseText) {
        return Octets.isText(fields.bytes(), offset, length, lowerCaseText);
    }

    boolean isToken() {
        byte[] bytes = fields.bytes();
        for (int i = offset; i < offset + length; i++) {
            if (!Octets.is(Octets.TOKEN, bytes[i])) {
                return false;
            }
        }
        return length > 0;
    }
}
