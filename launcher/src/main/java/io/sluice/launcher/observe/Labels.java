package io.sluice.launcher.observe;

import java.nio.charset.StandardCharsets;

/** The labels of a series, names and values, as written on the page. Immutable. */
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

    /** These labels and one more. */
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

    /** The text without braces; callers must not change the array. */
    byte[] bytes() {
        return bytes;
    }
}
