package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class HeaderFieldsTest {

    private final HeaderFields fields = new HeaderFields(64);

    /** Lays the table over lines as a decoder would: names and values anywhere in one array. */
    private void set(String... namesAndValues) {
        byte[] bytes = Pieces.bytes(String.join("", namesAndValues) + "\0".repeat(Octets.PADDING));
        fields.clear();
        fields.wrap(bytes);
        int offset = 0;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            int nameLength = namesAndValues[i].length();
            int valueLength = namesAndValues[i + 1].length();
            assertTrue(fields.add(offset, nameLength, offset + nameLength, valueLength));
            offset += nameLength + valueLength;
        }
    }

    @Test
    void knowsEachFieldInAnyCase() {
        for (KnownField field : KnownField.values()) {
            set(field.text(), "1", field.text().toUpperCase(Locale.ROOT), "2", "x" + field.text(), "3",
                    field.text() + "x", "4");
            assertEquals(0, fields.find(field), field.text());
            assertEquals(1, fields.findNext(field, 0));
            assertEquals(HeaderFields.NONE, fields.findNext(field, 1));
            assertTrue(fields.isRepeated(field));
        }
    }

    @Test
    void takesNoOtherNameForAKnownOne() {
        for (KnownField field : KnownField.values()) {
            for (int i = 0; i < field.text().length(); i++) {
                char[] name = field.text().toCharArray();
                name[i] = name[i] == '_' ? 'q' : '_';
                set(new String(name), "");
                assertFalse(fields.has(field), new String(name));
            }
        }
    }

    @Test
    void findsAnyFieldByName() {
        set("X-One", "1", "Host", "a", "x-one", "2");
        assertEquals(0, fields.find(Octets.ascii("x-one")));
        assertEquals(HeaderFields.NONE, fields.find(Octets.ascii("x-on")));
        assertEquals(1, fields.find(Octets.ascii("host")));
        assertTrue(fields.valueIs(1, Octets.ascii("a")));
        assertFalse(fields.valueIs(1, Octets.ascii("b")));
    }

    @Test
    void takesUnderscoresForDashesOnlyWhereAsked() {
        set("X_One-two", "1", "X-One-Two", "2", "X_One_Three", "3", "XaOne-Two", "4");
        byte[] name = Octets.ascii("x-one-two");
        assertFalse(fields.nameIs(0, name));
        assertTrue(fields.nameIsLike(0, name));
        assertTrue(fields.nameIsLike(1, name));
        assertFalse(fields.nameIsLike(2, name));
        assertFalse(fields.nameIsLike(3, name));
        assertFalse(fields.nameIsLike(1, Octets.ascii("x_one-two")), "who writes an underscore means one");
    }

    @Test
    void takesNoMoreFieldsThanItHasRoomFor() {
        HeaderFields small = new HeaderFields(1);
        small.wrap(new byte[64]);
        assertTrue(small.add(0, 1, 1, 0));
        assertFalse(small.add(0, 1, 1, 0));
        assertEquals(1, small.count());
        small.clear();
        assertTrue(small.add(0, 1, 1, 0));
    }

    @Test
    void forgetsAllWhenCleared() {
        set("Host", "a", "Host", "b");
        set("X", "y");
        assertEquals(1, fields.count());
        assertEquals(HeaderFields.NONE, fields.find(KnownField.HOST));
        assertFalse(fields.isRepeated(KnownField.HOST));
        fields.clear();
        assertEquals(HeaderFields.NONE, fields.find(Octets.ascii("x")));
    }
}
