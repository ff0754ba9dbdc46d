package io.sluice.config.parse;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Parses YAML text to a tree of nodes; errors of the YAML library become located errors. */
final class YamlTree {

    private static final int MAX_ALIASES = 1000;
    private static final Pattern BRACKETED_ADDRESS =
            Pattern.compile("(?<!\")\\[[0-9A-Fa-f:]{0,39}:[0-9A-Fa-f:.]{0,39}]:");

    private static final String COLUMNS =
            "keys of one section begin in the same column, and so do the dashes of one list";
    private static final String COLONS = "look at the line before, too: a space follows each colon, and keys of one "
            + "section begin in the same column";
    private static final List<Hint> HINTS = List.of(
            new Hint("TAB", "indent with spaces"),
            new Hint("an alias", "a value that begins with * goes in quotes, such as \"*:5432\" or \"*.example.com\""),
            new Hint("undefined alias", "a value that begins with * goes in quotes, such as \"*:5432\""),
            new Hint("expected <block end>, but found", COLUMNS),
            new Hint("mapping values are not allowed", COLONS),
            new Hint("could not find expected ':'", COLONS),
            new Hint("expected ',' or", "commas separate what is in braces or brackets; a text with these characters "
                    + "goes in quotes"),
            new Hint("<stream end>", "a bracket or brace is not closed"),
            new Hint("unknown escape character", "in double quotes a \\ begins an escape: use single quotes"),
            new Hint("cannot start any token", "put the value in quotes"));

    private YamlTree() { }

    static Node compose(Source source) throws ConfigException {
        try {
            Parser parser = new BoundedDepth(
                    new ParserImpl(settings(source), new StreamReader(settings(source), source.text())));
            Optional<Node> root = new Composer(settings(source), parser).getSingleNode();
            return root.filter(node -> !node.getTag().equals(Tag.NULL))
                    .orElseThrow(() -> exception(source.error(0, 0, "the file has no content",
                            Optional.of("a configuration has at least listeners: and pools:"))));
        } catch (MarkedYamlEngineException e) {
            throw exception(located(source, e));
        } catch (ReaderException e) {
            String character = String.format("U+%04X", e.getCodePoint());
            throw exception(source.errorAt(e.getPosition(), "the character " + character + " is not allowed in YAML"));
        } catch (YamlEngineException e) {
            throw exception(source.error(0, 0, "not YAML: " + e.getMessage(), Optional.empty()));
        }
    }

    private static LoadSettings settings(Source source) {
        return LoadSettings.builder()
                .setLabel(source.name())
                .setCodePointLimit(Source.MAX_BYTES)
                .setMaxAliasesForCollections(MAX_ALIASES)
                // Section reports duplicate and non-scalar keys, together with all other errors.
                .setAllowDuplicateKeys(true)
                .setAllowNonScalarKeys(true)
                .build();
    }

    private static ConfigError located(Source source, MarkedYamlEngineException e) {
        String problem = e.getProblem();
        // An unterminated construct is reported where it begins.
        boolean unclosed = problem.contains("end of stream");
        Optional<Mark> mark = unclosed ? e.getContextMark().or(e::getProblemMark) : e.getProblemMark();
        int line = mark.map(Mark::getLine).orElse(0);
        String sourceLine = source.lines().get(Math.min(line, source.lines().size() - 1));
        return source.error(line, mark.map(Mark::getColumn).orElse(0),
                message(problem, e.getContext()),
                hint(problem, e.getContext(), sourceLine).map(hint -> hint + bracketAbove(e, line)));
    }

    /** Where the bracket or brace was opened that is perhaps never closed, if that was in a line above. */
    private static String bracketAbove(MarkedYamlEngineException e, int line) {
        boolean isOpen = "while parsing a flow sequence".equals(e.getContext())
                || "while parsing a flow mapping".equals(e.getContext());
        return e.getContextMark().filter(opened -> isOpen && opened.getLine() < line)
                .map(opened -> "; what is open here begins in line " + (opened.getLine() + 1)).orElse("");
    }

    private static String message(String problem, String context) {
        if (problem.contains("TAB")) {
            return "not YAML: a tab where only spaces may be";
        }
        if (problem.contains("another document")) {
            return "a second YAML document starts here: a configuration is one document";
        }
        if (problem.equals("expected <block end>, but found '-'")) {
            return "not YAML: an entry of a list stands where a key of a section belongs";
        }
        if (isMisaligned(problem)) {
            return "not YAML: this line begins in another column than those that it belongs to";
        }
        return "not YAML: " + (context == null || context.isEmpty() ? "" : context + ": ") + problem;
    }

    private static boolean isMisaligned(String problem) {
        return problem.matches("expected <block end>, but found '(<block .* start>|\\?)'");
    }

    private static Optional<String> hint(String problem, String context, String sourceLine) {
        if (BRACKETED_ADDRESS.matcher(sourceLine).find()) {
            return Optional.of("an address in brackets goes in quotes, such as \"[::1]:5432\"");
        }
        return HINTS.stream().filter(hint -> problem.contains(hint.part()) || context != null
                && context.contains(hint.part())).map(Hint::text).findFirst();
    }

    private static ConfigException exception(ConfigError error) {
        return new ConfigException(List.of(error));
    }

    /** @param part of the library's words for a mistake @param text what to do about it */
    private record Hint(String part, String text) { }

    /** Refuses collections nested deeper than any configuration, before recursion overflows the stack. */
    private static final class BoundedDepth implements Parser {

        private static final int MAX_DEPTH = 32;

        private final Parser parser;
        private int depth;

        BoundedDepth(Parser parser) {
            this.parser = parser;
        }

        @Override
        public boolean hasNext() {
            return parser.hasNext();
        }

        @Override
        public boolean checkEvent(Event.ID id) {
            return parser.checkEvent(id);
        }

        @Override
        public Event peekEvent() {
            return parser.peekEvent();
        }

        @Override
        public Event next() {
            Event event = parser.next();
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> { }
            }
            if (depth > MAX_DEPTH) {
                throw new TooDeepException(event);
            }
            return event;
        }
    }

    private static final class TooDeepException extends MarkedYamlEngineException {

        private static final long serialVersionUID = 1L;

        TooDeepException(Event event) {
            super(null, Optional.empty(), "nested more than " + BoundedDepth.MAX_DEPTH + " deep", event.getStartMark());
        }
    }
}
