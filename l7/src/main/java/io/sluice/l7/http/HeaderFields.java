package io.sluice.l7.http;

/**
 * The fields of one head, in their order, as a table of positions in an array; copies no bytes. Only parsers change it.
 *
 * <p>Positions are valid as long as the owner of the array keeps its bytes. Names are tokens; values have no white
 * space at their ends. Finding a {@link KnownField} takes one step, any other name a walk over the table. Owned by one
 * event loop.
 */
public final class HeaderFields {

    /** The result of a lookup that finds nothing. */
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

    /** Makes a table for at most {@code maxFields} fields. */
    HeaderFields(int maxFields) {
        this.rows = new int[maxFields * ROW];
    }

    /** Forgets all fields. */
    void clear() {
        end = 0;
        present = 0;
        repeated = 0;
    }

    /** Sets the array to which positions refer; called again, without effect on positions, when the array has grown. */
    void wrap(byte[] array) {
        this.bytes = array;
    }

    /**
     * Adds a field. The name must be a token, with at least {@link Octets#PADDING} bytes of the array behind it.
     *
     * @return whether there was room in the table
     */
    boolean add(int nameOffset, int nameLength, int valueOffset, int valueLength) {
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

    /** The array to which positions refer. */
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

    /** Whether the field at an index is this known field. */
    public boolean is(int index, KnownField field) {
        return (rows[index * ROW + ID] & ID_MASK) == field.ordinal();
    }

    /** The known field at an index; null for an unknown name. */
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

    /** The index of the first such field, or {@link #NONE}. */
    public int find(KnownField field) {
        return has(field) ? firstRows[field.ordinal()] / ROW : NONE;
    }

    /** The index of the next such field behind an index, or {@link #NONE}. */
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

    /** The index of the first field with that name, given in lower case; or {@link #NONE}. */
    public int find(byte[] lowerCaseName) {
        for (int index = 0; index < count(); index++) {
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

    /** As {@link #nameIs}, but underscores equal dashes, as in CGI and WSGI, which do not distinguish them. */
    public boolean nameIsLike(int index, byte[] lowerCaseName) {
        return Octets.isLike(bytes, nameOffset(index), nameLength(index), lowerCaseName);
    }

    /** The same with any of these names. */
    public boolean nameIsLikeAny(int index, byte[][] lowerCaseNames) {
        for (byte[] name : lowerCaseNames) {
            if (nameIsLike(index, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the field has that value, given in lower case, in any case. */
    boolean valueIs(int index, byte[] lowerCaseValue) {
        return Octets.isText(bytes, valueOffset(index), valueLength(index), lowerCaseValue);
    }

    /** Whether the field is for this connection only: by its definition, or because Connection names it. */
    public boolean isHopByHop(int index) {
        int id = rows[index * ROW + ID];
        return (id & NAMED_IN_CONNECTION) != 0 || id != UNKNOWN_ID && KnownField.of(id).isHopByHop();
    }

    /** Whether some field is not allowed in a trailer section. */
    boolean hasForbiddenTrailer() {
        for (long left = present; left != 0; left &= left - 1) {
            if (!KnownField.of(Long.numberOfTrailingZeros(left)).isTrailer()) {
                return true;
            }
        }
        return false;
    }

    /** Marks every field with the name at that position as named in Connection. */
    void markNamedInConnection(int offset, int length) {
        for (int index = 0; index < count(); index++) {
            if (nameLength(index) == length
                    && Octets.equalIgnoringCase(bytes, nameOffset(index), bytes, offset, length)) {
                rows[index * ROW + ID] |= NAMED_IN_CONNECTION;
            }
        }
    }
}
