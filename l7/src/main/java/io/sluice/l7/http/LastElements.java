package io.sluice.l7.http;

/**
 * Walks over the comma-separated list of a field from its last element to its first, over all lines of the field.
 * Elements come without white space around them; empty ones are left out (RFC 9110, section 5.6.1). Not for lists with
 * quoted commas. Owned by one event loop.
 */
public final class LastElements {

    private HeaderFields fields;
    private KnownField field;
    private int firstLine;
    private int line;
    /** What is left of the line's value. */
    private int from;
    private int to;
    private int offset;
    private int length;

    /** Begins behind the last element of that field. */
    public void of(HeaderFields of, KnownField known) {
        fields = of;
        field = known;
        firstLine = of.find(known);
        line = firstLine == HeaderFields.NONE ? HeaderFields.NONE : of.count();
        from = 0;
        to = 0;
    }

    /** Goes to the element before; false if there is none. */
    public boolean next() {
        do {
            while (to > from) {
                takeLast();
                if (length > 0) {
                    return true;
                }
            }
        } while (nextLine());
        return false;
    }

    /** The array to which positions refer. */
    public byte[] bytes() {
        return fields.bytes();
    }

    public int offset() {
        return offset;
    }

    /** Positive. */
    public int length() {
        return length;
    }

    private boolean nextLine() {
        while (line > firstLine) {
            line--;
            if (fields.is(line, field)) {
                from = fields.valueOffset(line);
                to = from + fields.valueLength(line);
                return true;
            }
        }
        return false;
    }

    private void takeLast() {
        byte[] bytes = fields.bytes();
        int stop = to;
        while (stop > from && Octets.isBlank(bytes[stop - 1])) {
            stop--;
        }
        int start = stop;
        while (start > from && bytes[start - 1] != ',') {
            start--;
        }
        to = start - 1;
        while (start < stop && Octets.isBlank(bytes[start])) {
            start++;
        }
        offset = start;
        length = stop - start;
    }
}
