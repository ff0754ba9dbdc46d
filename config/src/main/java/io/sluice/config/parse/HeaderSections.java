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

    static final Section<HeaderRules> REQUEST =
            rules("request-headers", ofRequest(), "`Host` may be set, and is then what the server gets.");
    static final Section<HeaderRules> RESPONSE = rules("response-headers", changeable(), "");

    private HeaderSections() { }

    private static Section<HeaderRules> rules(String name, Scalar<String> settable, String aboutSet) {
        var keys = Section.<HeaderRules>named(name,
                "First some fields are removed, then some set, then some added. Case does not count in names.");
        var remove = keys.<List<String>>omitted("remove", ListType.of(changeable()), List.of(), HeaderRules::remove,
                "Names of fields that go.");
        var set = keys.omitted("set", new Entries<>(settable, HttpTypes.line()), Map.of(), HeaderRules::set,
                ("Fields with these values, in place of all of that name. " + aboutSet).strip());
        var add = keys.omitted("add", new Entries<>(changeable(), HttpTypes.line()), Map.of(), HeaderRules::add,
                "Fields with these values, beside others of that name.");
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
