package io.sluice.l7.route;

import io.sluice.config.RequestKey;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.http.RequestParser;
import java.util.Locale;

/** A named part of requests: a header field, a cookie or a query parameter. Immutable. */
final class RequestPart {

    /** Where to look for the part. */
    enum Place { HEADER, COOKIE, QUERY }

    private final Place place;
    private final byte[] name;

    RequestPart(Place place, String name) {
        this.place = place;
        this.name = Bytes.of(place == Place.HEADER ? name.toLowerCase(Locale.ROOT) : name);
    }

    /** The part that a key names; null for keys that are no named part: path and client. */
    static RequestPart of(RequestKey key) {
        return switch (key.part()) {
            case HEADER -> new RequestPart(Place.HEADER, key.name());
            case COOKIE -> new RequestPart(Place.COOKIE, key.name());
            case QUERY -> new RequestPart(Place.QUERY, key.name());
            case PATH, CLIENT -> null;
        };
    }

    /** Finds the part's value, or the first of several, in the head: {@link RoutedRequest#found}. */
    boolean find(RoutedRequest request) {
        RequestParser head = request.head();
        Pairs.Range found = request.found();
        return switch (place) {
            case HEADER -> findHeader(head.fields(), found);
            case COOKIE -> findCookie(head.fields(), found);
            // The query begins with the question mark.
            case QUERY -> head.queryLength() > 1 && Pairs.find(name, head.bytes(), head.queryOffset() + 1,
                    head.queryOffset() + head.queryLength(), '&', found);
        };
    }

    /** The same; an empty value counts as none. */
    boolean findValue(RoutedRequest request) {
        return find(request) && request.found().from < request.found().to;
    }

    private boolean findHeader(HeaderFields fields, Pairs.Range found) {
        int index = fields.find(name);
        if (index == HeaderFields.NONE) {
            return false;
        }
        found.from = fields.valueOffset(index);
        found.to = found.from + fields.valueLength(index);
        return true;
    }

    private boolean findCookie(HeaderFields fields, Pairs.Range found) {
        int index = fields.find(KnownField.COOKIE);
        for (; index != HeaderFields.NONE; index = fields.findNext(KnownField.COOKIE, index)) {
            int from = fields.valueOffset(index);
            if (Pairs.find(name, fields.bytes(), from, from + fields.valueLength(index), ';', found)) {
                return true;
            }
        }
        return false;
    }
}
