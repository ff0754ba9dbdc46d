package io.sluice.launcher.observe;

import java.nio.charset.StandardCharsets;

/** What tells the series of a metric from each other, as it is written: names and values. Immutable. */
final class Labels {

    static final Labels NONE = new Labels("");

    private final String text;
    private final byte[] bytes;

    private Labels(String text) {
        this.text = text;
        bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    static Labels of(String name, String value) {
        return NONE.and(name, value);
    }

    /** These and one more. */
    Labels and(String name, String value) {
        return new Labels(text + (text.isEmpty() ? "" : ",") + name + "=\"" + escaped(value) + '"');
    }

    private static String escaped(String value) {
        boolean isPlain = value.indexOf('\\') < 0 && value.indexOf('"') < 0 && value.indexOf('\n') < 0;
        return isPlain ? value : value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    boolean areNone() {
        return bytes.length == 0;
    }

    /** Without braces; not to be changed. */
    byte[] bytes() {
        return bytes;
    }
}
