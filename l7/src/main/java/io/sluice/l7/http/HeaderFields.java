package io.sluice.l7.http;

/**
 * The fields of one head as positions in an array: a table laid over the bytes, in their order, and nothing copied.
 *
 * <p>Positions stay true as long as the owner of the array keeps its bytes. Names are tokens, values carry no white
 * space at their ends. Lookup of a {@link KnownField} takes one step, of any other name a walk over the table.
 * Owned by one event loop.
 */
public final class HeaderFields {

    /** What a lookup that finds nothing answers. */
    public static final int NONE = -1;

    private static final int NAME = 0;
    private static final int NAME_LENGTH = 1;
    private static final int VALUE = 2;
    private static final int VALUE_LENGTH = 3;
    private static final int ID = 4;
    private static final int ROW = 5;

    private static final int NAMED_IN_CONNECTION = 1 << 16;
    private static final int ID_MASK = 0xff;
    private static final int UNKNOWN_ID = KnownField.UNKNOWN & ID_MASK;

    private final int[] rows;
    private final int[] firstRows = new int[KnownField.values().length];
    private byte[] bytes = new byte[Octets.PADDING];
    private long present;
    private long repeated;
    private int end;

    /** A table for at most so many fields. */
    public HeaderFields(int maxFields) {
        this.rows = new int[maxFields * ROW];
    }

    /** Forgets all fields. */
    public void clear() {
        end = 0;
        present = 0;
        repeated = 0;
    }

    /** Says in which array positions are; a parser that had to grow its array says so again and positions stay. */
    public void wrap(byte[] array) {
        this.bytes = array;
    }

    /**
     * Adds a field. Its name is a token and the array goes on for {@link Octets#PADDING} bytes behind it.
     *
     * @return whether there was room
     */
    public boolean add(int nameOffset, int nameLength, int valueOffset, int valueLength) {
        int row = end;
        if (row == rows.length) {
            return false;
        }
        int id = KnownField.idOf(bytes, nameOffset, nameLength);
        rows[row + NAME] = nameOffset;
        rows[row + NAME_LENGTH] = nameLength;
        rows[row + VALUE] = valueOffset;
        rows[row + VALUE_LENGTH] = valueLength;
        rows[row + ID] = id & ID_MASK;
        end = row + ROW;
        if (id != KnownField.UNKNOWN) {
            index(id, row);
        }
        return true;
    }

    private void index(int id, int row) {
        long bit = 1L << id;
        if ((present & bit) == 0) {
            present |= bit;
            firstRows[id] = row;
        } else {
            repeated |= bit;
        }
    }

    public int count() {
        return end / ROW;
    }

    /** What positions point into. */
    public byte[] bytes() {
        return bytes;
    }

    public int nameOffset(int index) {
        return rows[index * ROW + NAME];
    }

    public int nameLength(int index) {
        return rows[index * ROW + NAME_LENGTH];
    }

    public int valueOffset(int index) {
        return rows[index * ROW + VALUE];
    }

    public int valueLength(int index) {
        return rows[index * ROW + VALUE_LENGTH];
    }

    /** Whether the field at that index is that known one. */
    public boolean is(int index, KnownField field) {
        return (rows[index * ROW + ID] & ID_MASK) == field.ordinal();
    }

    /** Which known field the field at that index is, or null. */
    public KnownField known(int index) {
        int id = rows[index * ROW + ID] & ID_MASK;
        return id == UNKNOWN_ID ? null : KnownField.of(id);
    }

    public boolean has(KnownField field) {
        return (present & 1L << field.ordinal()) != 0;
    }

    /** Whether the field is there more than once. */
    public boolean isRepeated(KnownField field) {
        return (repeated & 1L << field.ordinal()) != 0;
    }

    /** Index of the first such field, or {@link #NONE}. */
    public int find(KnownField field) {
        return has(field) ? firstRows[field.ordinal()] / ROW : NONE;
    }

    /** Index of the next such field behind that index, or {@link #NONE}. */
    public int findNext(KnownField field, int index) {
        if (isRepeated(field)) {
            for (int next = index + 1; next < count(); next++) {
                if (is(next, field)) {
                    return next;
                }
            }
        }
        return NONE;
    }

    /** Index of the first field of that name, given in lower case, from that index on, or {@link #NONE}. */
    public int find(byte[] lowerCaseName, int from) {
        for (int index = from; index < count(); index++) {
            if (nameIs(index, lowerCaseName)) {
                return index;
            }
        }
        return NONE;
    }

    /** Whether the field has that name, given in lower case. */
    public boolean nameIs(int index, byte[] lowerCaseName) {
        return Octets.isText(bytes, nameOffset(index), nameLength(index), lowerCaseName);
    }

    /** The same, with underscores for dashes as well: CGI, WSGI and their kin do not tell these apart. */
    public boolean nameIsLike(int index, byte[] lowerCaseName) {
        return Octets.isLike(bytes, nameOffset(index), nameLength(index), lowerCaseName);
    }

    /** Whether the field has exactly that value but for case; the value is given in lower case. */
    public boolean valueIs(int index, byte[] lowerCaseValue) {
        return Octets.isText(bytes, valueOffset(index), valueLength(index), lowerCaseValue);
    }

    /** Whether the field speaks of this connection only: by its nature, or because Connection names it. */
    public boolean isHopByHop(int index) {
        int id = rows[index * ROW + ID];
        return (id & NAMED_IN_CONNECTION) != 0 || id != UNKNOWN_ID && KnownField.of(id).isHopByHop();
    }

    /** Whether any field may not be in a trailer section. */
    boolean hasForbiddenTrailer() {
        for (long left = present; left != 0; left &= left - 1) {
            if (!KnownField.of(Long.numberOfTrailingZeros(left)).isTrailer()) {
                return true;
            }
        }
        return false;
    }

    /** Marks every field of the name at that position as named in Connection. */
    void markNamedInConnection(int offset, int length) {
        for (int index = 0; index < count(); index++) {
            if (nameLength(index) == length
                    && Octets.equalIgnoringCase(bytes, nameOffset(index), bytes, offset, length)) {
                rows[index * ROW + ID] |= NAMED_IN_CONNECTION;
            }
        }
    }
}
