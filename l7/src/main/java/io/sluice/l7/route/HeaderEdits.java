package io.sluice.l7.route;

import io.sluice.config.RouteConfig;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a route changes the fields of a message: some dropped, then some added. Immutable. */
public final class HeaderEdits {

    /** Changes nothing. */
    public static final HeaderEdits NONE = new HeaderEdits(RouteConfig.HeaderRules.NONE);

    private final byte[][] dropped;
    /** A bit for each known field among these, by ordinal. */
    private final long droppedKnown;
    private final byte[] added;
    private final boolean setsHost;

    HeaderEdits(RouteConfig.HeaderRules rules) {
        List<byte[]> names = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (String name : rules.remove()) {
            names.add(lowerCase(name));
        }
        for (Map.Entry<String, String> field : rules.set().entrySet()) {
            names.add(lowerCase(field.getKey()));
            appendLine(field, lines);
        }
        for (Map.Entry<String, String> field : rules.add().entrySet()) {
            appendLine(field, lines);
        }
        dropped = names.toArray(byte[][]::new);
        droppedKnown = bitsOf(names);
        added = Bytes.of(lines.toString());
        setsHost = rules.set().keySet().stream().anyMatch("host"::equalsIgnoreCase);
    }

    /** Whether the field is not to be passed on as it came. */
    public boolean drops(HeaderFields fields, int index) {
        for (byte[] name : dropped) {
            if (fields.nameIsLike(index, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a field of that kind is not to be passed on as it came, nor to be written by Sluice itself. */
    public boolean drops(KnownField field) {
        return (droppedKnown & 1L << field.ordinal()) != 0;
    }

    /** Further field lines, each with its end. Not to be changed. */
    public byte[] added() {
        return added;
    }

    /** Whether Host is among the fields that are set. */
    public boolean setsHost() {
        return setsHost;
    }

    private static long bitsOf(List<byte[]> lowerCaseNames) {
        long bits = 0;
        for (KnownField field : KnownField.values()) {
            byte[] text = Bytes.of(field.text());
            if (lowerCaseNames.stream().anyMatch(name -> Arrays.equals(name, text))) {
                bits |= 1L << field.ordinal();
            }
        }
        return bits;
    }

    private static byte[] lowerCase(String name) {
        return Bytes.of(name.toLowerCase(Locale.ROOT));
    }

    private static void appendLine(Map.Entry<String, String> field, StringBuilder lines) {
        lines.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
    }
}
