package io.sluice.core.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void areThoseOfTheTextHoweverItIsRead() throws IOException {
        Random random = new Random(1);
        List<String> text = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            text.add("x".repeat(random.nextInt(i % 100 == 0 ? 8000 : 60)));
        }
        assertEquals(text, read(text, 8192));
        assertEquals(text, read(text, 7));
        assertEquals(List.of(), read(List.of(), 8192));
    }

    @Test
    void areComparedWithinTheirBounds() throws IOException {
        Lines lines = lines("Swap: 0 kB\nSwap\n\nabc\nX", 8192);
        assertTrue(lines.next());
        assertTrue(lines.beginsUpperCase());
        assertTrue(lines.startsWith(bytes("Swap:")));
        assertTrue(lines.endsWith(bytes(" 0 kB")));
        assertFalse(lines.endsWith(bytes(" 4 kB")));
        assertTrue(lines.contains(bytes("Swap: 0 kB")));
        assertTrue(lines.contains(bytes(": ")));
        assertFalse(lines.contains(bytes("kB\nS")));
        assertTrue(lines.next());
        assertFalse(lines.startsWith(bytes("Swap:")));
        assertFalse(lines.endsWith(bytes(" 0 kB")));
        assertTrue(lines.next());
        assertFalse(lines.beginsUpperCase());
        assertEquals("", lines.text());
        assertTrue(lines.next());
        assertFalse(lines.beginsUpperCase());
        assertFalse(lines.next());
    }

    @Test
    void areNotLongerThanABuffer() {
        assertThrows(IOException.class, () -> read(List.of("x".repeat(10_000)), 8192));
    }

    private static List<String> read(List<String> text, int atOnce) throws IOException {
        Lines lines = lines(String.join("\n", text) + (text.isEmpty() ? "" : "\n"), atOnce);
        List<String> read = new ArrayList<>();
        while (lines.next()) {
            read.add(lines.text());
        }
        return read;
    }

    /** @param atOnce the most bytes that a read returns */
    private static Lines lines(String text, int atOnce) {
        return new Lines(new ByteArrayInputStream(bytes(text)) {
            @Override
            public int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, atOnce));
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
