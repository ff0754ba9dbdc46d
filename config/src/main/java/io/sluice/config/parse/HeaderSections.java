package io.sluice.config.parse;

import io.sluice.config.RouteConfig.HeaderRules;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The keys of changes to header fields. */
final class HeaderSections {

    /** They frame a message or belong to one connection: Sluice writes them by itself. */
    private static final Set<String> OF_SLUICE = Set.of("connection", "content-length", "expect", "keep-alive",
            "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");
    private static final String HOST = "host";
    private static final ValueType<String> VALUE = HttpTypes.withoutVariables(HttpTypes.line());

    static final Section<HeaderRules> REQUEST =
            rules("request-headers", ofRequest(), "`Host` may be set; the server then gets this one.");
    static final Section<HeaderRules> RESPONSE = rules("response-headers", changeable(), "");

    private HeaderSections() { }

    private static Section<HeaderRules> rules(String name, Scalar<String> settable, String aboutSet) {
        var keys = Section.<HeaderRules>named(name,
                "First fields are removed, then set, then added. Case does not matter in names.");
        var remove = keys.<List<String>>omitted("remove", ListType.of(changeable()), List.of(), HeaderRules::remove,
                "Names of the fields to remove.");
        var set = keys.omitted("set", new Entries<>(settable, VALUE), Map.of(), HeaderRules::set,
                ("Fields to send instead of all others of the same name. " + aboutSet).strip());
        var add = keys.omitted("add", new Entries<>(changeable(), VALUE), Map.of(), HeaderRules::add,
                "Fields to send in addition to others of the same name.");
        return keys.build(values -> new HeaderRules(values.get(remove), values.get(set), values.get(add)));
    }

    private static Scalar<String> ofRequest() {
        Scalar<String> any = HttpTypes.token("header field");
        Scalar<String> changeable = changeable();
        return new Scalar<>(any.values(), any.schema(), text -> text.equalsIgnoreCase(HOST)
                ? text : changeable.parser().parse(text), text -> text);
    }

    private static Scalar<String> changeable() {
        Scalar<String> any = HttpTypes.token("header field");
        return new Scalar<>(any.values(), any.schema(), text -> {
            String lower = text.toLowerCase(Locale.ROOT);
            if (OF_SLUICE.contains(lower)) {
                throw new InvalidValueException(text + " cannot be changed: Sluice writes it to fit the connection");
            }
            if (lower.equals(HOST)) {
                throw new InvalidValueException("Host can only be set, and only of requests");
            }
            return any.parser().parse(text);
        }, text -> text);
    }
}
