package io.sluice.config.parse;

import io.sluice.config.parse.Key.Default;
import io.sluice.config.parse.ValueType.Nested;
import java.util.List;
import java.util.Map;

/** The reference of all keys, as Markdown: one table a section. */
final class ConfigReference {

    private static final String INTRODUCTION = """
            # Keys of the configuration

            Generated from the tables that the parser works with; do not edit.

            - A *duration* is a whole number and a unit: `500ms`, `2s`, `5m`, `1h`, `1d`. It is at most `365d`, and
              longer than zero unless `0s` is listed.
            - A *size* is a whole number of bytes, or a number and a unit: `64KiB`, `1MiB`, `1GiB` in steps of 1024,
              `64KB`, `1MB`, `1GB` in steps of 1000.
            - A *name* is 1 to 64 letters, digits, `.`, `_` or `-`, and begins with a letter or a digit.
            - A *network* is an address and a prefix length, `10.0.0.0/8` or `2001:db8::/32`; an address alone is a
              network of one address.
            - Where a list of single values is expected, one value may stand without the brackets.
            """;

    private ConfigReference() { }

    /** The reference as Markdown text. */
    static String toMarkdown() {
        StringBuilder out = new StringBuilder(INTRODUCTION);
        append(out, new Nested("", "", RootSections.ROOT));
        return out.toString();
    }

    private static void append(StringBuilder out, Nested at) {
        out.append("\n## ").append(heading(at)).append("\n\n").append(at.section().meaning());
        out.append("\n\n| key | values | default | meaning |\n|---|---|---|---|\n");
        for (Key<?, ?> key : at.section().keys()) {
            out.append("| `").append(key.name()).append("` | ").append(key.type().values())
                    .append(" | ").append(defaultOf(key)).append(" | ").append(key.meaning()).append(" |\n");
        }
        for (Key<?, ?> key : at.section().keys()) {
            String prefix = at.suffix().isEmpty() ? key.name() : at.suffix() + "." + key.name();
            for (Nested nested : key.type().nested()) {
                append(out, nested.under(prefix));
            }
        }
    }

    private static String heading(Nested at) {
        if (at.suffix().isEmpty()) {
            return "Top level";
        }
        return "`" + at.suffix() + "`" + (at.note().isEmpty() ? "" : " with `" + at.note() + "`");
    }

    private static <V> String defaultOf(Key<?, V> key) {
        return switch (key.fallback().orElse(null)) {
            case null -> "required";
            case Default.Derived<V, ?> derived -> derived.text();
            case Default.Omitted<V> _ -> "none";
            case Default.Fixed<V> fixed -> switch (key.type().write(fixed.value())) {
                case Map<?, ?> map when map.isEmpty() -> "empty";
                case Map<?, ?> _ -> "the section's defaults";
                case List<?> list when list.isEmpty() -> "empty";
                case Object value -> "`" + value + "`";
            };
        };
    }
}
