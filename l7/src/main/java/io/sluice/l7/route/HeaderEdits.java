package io.sluice.l7.route;

import io.sluice.config.RouteConfig;
import io.sluice.l7.http.FieldFilter;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How a route changes the header fields of a message: drops some, then adds some. Immutable. */
public final class HeaderEdits implements FieldFilter {

    /** Changes nothing. */
    public static final HeaderEdits NONE = new HeaderEdits(RouteConfig.HeaderRules.NONE);

    private final byte[][] dropped;
    /** One bit for each known field that is dropped, by ordinal. */
    private final long droppedKnown;
    private final byte[] added;
    private final boolean setsHost;
    /** The name of the field that requests are counted by, in lower case; or null. */
    private final byte[] counted;
    /** The same with dashes for underscores, which is like all of its spellings; or null. */
    private final byte[] countedLike;

    HeaderEdits(RouteConfig.HeaderRules rules) {
        this(rules, Optional.empty());
    }

    /** @param counted the name of the field that requests are counted by, which others must not pass for */
    HeaderEdits(RouteConfig.HeaderRules rules, Optional<String> counted) {
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
        this.counted = counted.map(HeaderEdits::lowerCase).orElse(null);
        countedLike = counted.map(name -> lowerCase(name.replace('_', '-'))).orElse(null);
        setsHost = rules.set().keySet().stream().anyMatch("host"::equalsIgnoreCase);
    }

    @Override
    public boolean drops(HeaderFields fields, int index) {
        return fields.nameIsLikeAny(index, dropped) || isCounted(fields, index) && !fields.nameIs(index, counted);
    }

    /** Whether requests are counted by this field, or servers may take it for that one, as CGI does. */
    public boolean isCounted(HeaderFields fields, int index) {
        return countedLike != null && fields.nameIsLike(index, countedLike);
    }

    /** Whether this field must neither be passed on as received nor written by Sluice itself. */
    public boolean drops(KnownField field) {
        return (droppedKnown & 1L << field.ordinal()) != 0;
    }

    /** The same for a field that Sluice writes under a name of the configuration, given in lower case. */
    public boolean drops(byte[] lowerCaseName) {
        for (byte[] name : dropped) {
            if (Arrays.equals(name, lowerCaseName)) {
                return true;
            }
        }
        return false;
    }

    /** The field lines to add, including line ends. Must not be changed. */
    public byte[] added() {
        return added;
    }

    /** Whether the route sets Host. */
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
