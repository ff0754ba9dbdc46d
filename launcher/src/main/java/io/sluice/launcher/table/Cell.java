package io.sluice.launcher.table;

/**
 * A text in one tone. Immutable.
 *
 * @param text without control characters, so that a name cannot control the terminal
 */
public record Cell(String text, Tone tone) {

    /** The tone of a text, with the code that selects the terminal's colour (ECMA-48, SGR). */
    public enum Tone {
        PLAIN(""), STRONG("1"), FAINT("2"), GOOD("32"), WARN("33"), BAD("1;31"), CALM("34"), HEAD("7");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    public Cell {
        text = text.codePoints().map(point -> Character.isISOControl(point) ? '?' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    public static Cell of(String text) {
        return new Cell(text, Tone.PLAIN);
    }

    public static Cell of(String text, Tone tone) {
        return new Cell(text, tone);
    }

    /** Padded or cut to a width. */
    public String fitted(int width, boolean toTheRight, boolean coloured) {
        String cut = text.length() <= width ? text
                : width < 2 ? text.substring(0, width) : text.substring(0, width - 1) + "~";
        String padding = " ".repeat(width - cut.length());
        String shown = !coloured || tone == Tone.PLAIN ? cut : "\u001b[" + tone.code + "m" + cut + "\u001b[0m";
        return toTheRight ? padding + shown : shown + padding;
    }
}
