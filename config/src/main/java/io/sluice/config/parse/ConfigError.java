package io.sluice.config.parse;

import java.util.Comparator;
import java.util.Optional;

/**
 * An error, or a warning, at one place of a configuration file. Immutable.
 *
 * @param file       as the operator named it
 * @param line       1-based; 0 if the file as a whole could not be read
 * @param column     1-based, in characters (code points); 0 together with line 0
 * @param message    what is wrong, with the path of the key
 * @param suggestion what to do about it
 * @param sourceLine the line of the file, empty if there is none
 */
public record ConfigError(
        String file, int line, int column, String message, Optional<String> suggestion, String sourceLine) {

    static final Comparator<ConfigError> BY_POSITION =
            Comparator.comparingInt(ConfigError::line).thenComparingInt(ConfigError::column);

    private static final String INDENT = "    ";
    private static final int EXCERPT_BEFORE = 80;
    private static final int EXCERPT_LENGTH = 160;

    /** {@code file:line:column: message}, then the source line, a caret under the column and the suggestion. */
    public String render() {
        StringBuilder text = new StringBuilder(file).append(':');
        if (line > 0) {
            text.append(line).append(':').append(column).append(':');
        }
        text.append(' ').append(message);
        if (!sourceLine.isBlank()) {
            appendSourceLine(text);
        }
        suggestion.ifPresent(hint -> text.append('\n').append(INDENT).append(hint));
        return text.toString();
    }

    private void appendSourceLine(StringBuilder text) {
        int[] characters = sourceLine.codePoints().toArray();
        int caret = Math.min(column - 1, characters.length);
        int start = characters.length <= EXCERPT_LENGTH ? 0 : Math.max(0, caret - EXCERPT_BEFORE);
        int length = Math.min(EXCERPT_LENGTH, characters.length - start);
        text.append('\n').append(INDENT).append(new String(characters, start, length));
        text.append('\n').append(INDENT);
        for (int i = start; i < caret; i++) {
            // A tab stays a tab, so that the caret stands under its column at any tab width.
            text.append(characters[i] == '\t' ? '\t' : ' ');
        }
        text.append('^');
    }
}
