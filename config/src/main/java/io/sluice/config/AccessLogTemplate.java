package io.sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An operator's template for access log lines, parsed: text with {@code %{field}} in it. A percent sign before anything
 * but a brace is text. Immutable.
 *
 * @param parts the texts and fields, in the order of the line
 */
public record AccessLogTemplate(List<Part> parts) {

    /** What can stand between the braces, besides {@link #HEADER_PREFIX} and the name of a request header. */
    public static final List<String> FIELDS = List.of(
            "client_ip", "client_port", "peer_ip", "peer_port", "start", "start_clf",
            "listener", "route", "pool", "server",
            "request", "method", "target", "path", "query", "protocol", "host", "request_id",
            "status", "request_bytes", "response_bytes",
            "time_head", "time_queue", "time_connect", "time_response", "time_total",
            "termination", "retries", "refusal");

    /** The prefix of a request header's name, whose case does not matter: {@code %{header.User-Agent}}. */
    public static final String HEADER_PREFIX = "header.";

    private static final String FIELD_START = "%{";
    private static final char FIELD_END = '}';
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern FIELD = Pattern.compile("%\\{([^{}]*)}");
    /** A token (RFC 9110, section 5.6.2). */
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    public AccessLogTemplate {
        parts = List.copyOf(parts);
    }

    /** A part of a line. */
    public sealed interface Part { }

    /** Literal text, the same in every line. */
    public record Text(String text) implements Part { }

    /** A value of the request: one of {@link #FIELDS}, or a header with its prefix. */
    public record Field(String name) implements Part {

        /** The header's name as the operator wrote it, if the field is one. */
        public Optional<String> header() {
            return name.startsWith(HEADER_PREFIX)
                    ? Optional.of(name.substring(HEADER_PREFIX.length())) : Optional.empty();
        }
    }

    /**
     * Parses a template.
     *
     * @throws IllegalArgumentException if it has a control character, an unterminated field or an unknown field
     */
    public static AccessLogTemplate of(String template) {
        Checks.that(!CONTROL.matcher(template).find(), "a template is one line without control characters");
        firstUnknownField(template).ifPresent(unknown -> {
            throw new IllegalArgumentException("unknown field %{" + unknown + "}; known are "
                    + String.join(", ", FIELDS) + " and " + HEADER_PREFIX + "NAME");
        });
        List<Part> parts = new ArrayList<>();
        Matcher field = FIELD.matcher(template);
        int textStart = 0;
        while (field.find()) {
            addText(parts, template.substring(textStart, field.start()));
            parts.add(new Field(field.group(1)));
            textStart = field.end();
        }
        addText(parts, template.substring(textStart));
        return new AccessLogTemplate(parts);
    }

    /** The name of the template's first unknown field, if there is one. */
    public static Optional<String> firstUnknownField(String template) {
        return FIELD.matcher(template).results()
                .map(field -> field.group(1))
                .filter(name -> !isKnown(name))
                .findFirst();
    }

    private static void addText(List<Part> parts, String text) {
        Checks.that(!text.contains(FIELD_START), "a field is a name between " + FIELD_START + " and " + FIELD_END);
        if (!text.isEmpty()) {
            parts.add(new Text(text));
        }
    }

    private static boolean isKnown(String name) {
        return FIELDS.contains(name) || new Field(name).header()
                .filter(header -> HEADER_NAME.matcher(header).matches()).isPresent();
    }
}
