package io.sluice.config.parse;

import io.sluice.config.RateLimitConfig;
import io.sluice.config.RequestKey;
import io.sluice.config.RequestKey.Part;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The keys for the part of a request that decides a choice. */
final class RequestKeys {

    private static final Section<RequestKey> SECTION = section();

    static final ValueType<RequestKey> REQUEST_KEY = SECTION
            .or("path", RequestKey.BY_PATH)
            .or("client", RequestKey.BY_CLIENT);
    /** Or nothing, as one route's requests are all alike. */
    static final ValueType<Optional<RequestKey>> OR_ROUTE = SECTION.map(Optional::of, Optional::orElseThrow)
            .or("route", Optional.empty())
            .or("path", Optional.of(RequestKey.BY_PATH))
            .or("client", RateLimitConfig.BY_CLIENT);

    private RequestKeys() { }

    private static Section<RequestKey> section() {
        var keys = Section.<RequestKey>named("request-key", "A part of a request: one of these.");
        var header = keys.maybe("header", HttpTypes.token("header field"), nameOf(Part.HEADER),
                "The value of the first field of that name.");
        var cookie = keys.maybe("cookie", HttpTypes.token("cookie"), nameOf(Part.COOKIE),
                "The value of the first cookie of that name.");
        var query = keys.maybe("query", HttpTypes.queryPart(), nameOf(Part.QUERY),
                "The value of the first query parameter of that name.");
        keys.check(List.of(header, cookie, query),
                values -> Stream.of(header, cookie, query).filter(key -> values.get(key).isPresent()).count() == 1,
                "give exactly one of header, cookie, query");
        return keys.build(values -> values.get(header).map(name -> new RequestKey(Part.HEADER, name))
                .or(() -> values.get(cookie).map(name -> new RequestKey(Part.COOKIE, name)))
                .or(() -> values.get(query).map(name -> new RequestKey(Part.QUERY, name))).orElseThrow());
    }

    private static Function<RequestKey, Optional<String>> nameOf(Part part) {
        return key -> key.part() == part ? Optional.of(key.name()) : Optional.empty();
    }
}
