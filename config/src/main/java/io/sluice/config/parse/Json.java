package io.sluice.config.parse;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON text of maps, lists, strings, numbers and booleans. */
final class Json {

    private static final String INDENT = "  ";

    private Json() { }

    /** A map in the order given: names and values in turn. */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value, "\n");
        return out.append('\n').toString();
    }

    private static void append(StringBuilder out, Object value, String newLine) {
        switch (value) {
            case Map<?, ?> map -> appendObject(out, map, newLine);
            case List<?> list -> appendArray(out, list, newLine);
            case String text -> appendString(out, text);
            default -> out.append(value);
        }
    }

    private static void appendObject(StringBuilder out, Map<?, ?> map, String newLine) {
        out.append('{');
        String inner = newLine + INDENT;
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext();) {
            Map.Entry<?, ?> entry = entries.next();
            out.append(inner);
            appendString(out, entry.getKey().toString());
            append(out.append(": "), entry.getValue(), inner);
            out.append(entries.hasNext() ? "," : newLine);
        }
        out.append('}');
    }

    private static void appendArray(StringBuilder out, List<?> list, String newLine) {
        out.append('[');
        String inner = newLine + INDENT;
        for (Iterator<?> values = list.iterator(); values.hasNext();) {
            append(out.append(inner), values.next(), inner);
            out.append(values.hasNext() ? "," : newLine);
        }
        out.append(']');
    }

    private static void appendString(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
