package io.sluice.l7.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What is shown of a message around one byte: as much as an operator needs, and no secrets that are not at fault. Bytes
 * are written as in source code: {@code \r}, {@code \n}, {@code \x00}. Immutable.
 *
 * @param before what precedes that byte; not from the beginning if that is far away
 * @param at     the byte itself; empty if it is missing
 * @param after  what follows it; not to the end if that is far away
 */
public record Excerpt(String before, String at, String after) {

    /** On either side of the byte. */
    private static final int MOST_BYTES = 512;
    private static final List<String> SECRETS =
            List.of("authorization:", "proxy-authorization:", "cookie:", "set-cookie:");
    private static final byte MASK = '*';

    /** @param position of the byte, or the length of all if it is missing */
    static Excerpt of(byte[] bytes, int position) {
        int start = Math.max(0, position - MOST_BYTES);
        int end = Math.min(bytes.length, position + MOST_BYTES);
        int next = Math.min(position + 1, end);
        return new Excerpt(text(bytes, start, position), text(bytes, position, next), text(bytes, next, end));
    }

    /** The same of a head, with the values of fields masked that identify users, except where the byte is in them. */
    static Excerpt ofHead(byte[] head, int length, int position) {
        byte[] masked = Arrays.copyOf(head, length);
        int line = 0;
        while (line < length) {
            int end = endOfField(masked, line, length);
            int value = line + secretNameLength(masked, line, end);
            if (value > line && (position < line || position >= end)) {
                mask(masked, value, end);
            }
            line = end;
        }
        return of(masked, position);
    }

    /** Behind its line, and behind those that continue it. */
    private static int endOfField(byte[] head, int line, int length) {
        int end = line;
        do {
            while (end < length && head[end] != '\n') {
                end++;
            }
            end = Math.min(end + 1, length);
        } while (end < length && (head[end] == ' ' || head[end] == '\t'));
        return end;
    }

    /** With the colon; 0 if the field is no secret. */
    private static int secretNameLength(byte[] head, int line, int end) {
        for (String name : SECRETS) {
            int length = name.length();
            if (end - line >= length && new String(head, line, length, StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT).equals(name)) {
                return length;
            }
        }
        return 0;
    }

    private static void mask(byte[] head, int from, int to) {
        for (int i = from; i < to; i++) {
            if (head[i] > ' ') {
                head[i] = MASK;
            }
        }
    }

    private static String text(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            switch (bytes[i]) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (bytes[i] >= ' ' && bytes[i] < 0x7f) {
                        text.append((char) bytes[i]);
                    } else {
                        text.append("\\x").append(HexFormat.of().toHexDigits(bytes[i]));
                    }
                }
            }
        }
        return text.toString();
    }
}
