package io.sluice.config.parse;

import io.sluice.config.AccessLogConfig;
import io.sluice.config.AccessLogConfig.Format;
import io.sluice.config.AccessLogTemplate;
import io.sluice.config.SessionLogConfig.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys of an access log. */
final class AccessLogSection {

    private static final String FIELD_START = "%{";
    private static final List<String> FIELDS = Stream.concat(
            AccessLogTemplate.FIELDS.stream(), Stream.of(AccessLogTemplate.HEADER_PREFIX + "NAME")).toList();
    private static final AccessLogConfig OFF =
            new AccessLogConfig(Target.OFF, Optional.empty(), Format.COMBINED, Optional.empty());
    private static final Section<AccessLogConfig> SECTION = section();

    static final AccessLogConfig USUAL = SECTION.defaults();
    static final ValueType<AccessLogConfig> ACCESS_LOG = SECTION.or("off", OFF, log -> log.target() == Target.OFF);

    private AccessLogSection() { }

    /** The format of records, which is a single value in the file. */
    private record Written(Format format, Optional<String> template) { }

    private static Section<AccessLogConfig> section() {
        var keys = Section.<AccessLogConfig>named("access-log", "One record per request, written when it ends.");
        var file = keys.optional("file", Words.fileOrStdout(), Optional.empty(), AccessLogConfig::file,
                "Relative paths start at the directory of the configuration file.");
        var format = keys.optional("format", format(), new Written(Format.COMBINED, Optional.empty()),
                log -> new Written(log.format(), log.template()),
                "The usual line of web servers, a line of JSON, or a line of your own with fields as `%{...}`.");
        return keys.build(values -> new AccessLogConfig(
                values.get(file).isPresent() ? Target.FILE : Target.STDOUT, values.get(file),
                values.get(format).format(), values.get(format).template()));
    }

    private static Scalar<Written> format() {
        Map<String, Object> schema = Json.object("type", "string", "pattern", "^(combined|json)$|%\\{[^{}]+\\}");
        return new Scalar<>("`combined`, `json` or text with `%{...}`", schema, text -> switch (text) {
            case "combined" -> new Written(Format.COMBINED, Optional.empty());
            case "json" -> new Written(Format.JSON, Optional.empty());
            default -> new Written(Format.TEMPLATE, Optional.of(checkedTemplate(text)));
        }, written -> switch (written.format()) {
            case COMBINED -> "combined";
            case JSON -> "json";
            case TEMPLATE -> written.template().orElseThrow();
        });
    }

    private static String checkedTemplate(String text) throws InvalidValueException {
        if (!text.contains(FIELD_START)) {
            throw new InvalidValueException("expected combined, json or a line with fields as %{...} in it, not "
                    + Nodes.quoted(text));
        }
        Optional<String> unknown = AccessLogTemplate.firstUnknownField(text);
        if (unknown.isPresent()) {
            throw new InvalidValueException("unknown field %{" + unknown.get() + "}",
                    Nearest.hint(unknown.get(), FIELDS));
        }
        try {
            AccessLogTemplate.of(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(e.getMessage());
        }
        return text;
    }
}
