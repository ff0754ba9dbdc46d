package io.sluice.l7.proxy;

import io.sluice.core.log.Termination;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.route.HeaderEdits;
import io.sluice.l7.route.Route;
import io.sluice.l7.route.RoutedRequest;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A response that Sluice makes itself, without a server. Immutable.
 *
 * @param extra further field lines
 * @param edits the field edits of the route that made the answer
 * @param cause the termination that the log gives for the exchange
 */
record Answer(int status, byte[] contentType, byte[] body, byte[] extra, HeaderEdits edits, Termination cause) {

    /** An error page, as JSON if the client prefers that. */
    static Answer error(int status, ErrorPages pages, boolean json, Termination cause) {
        ErrorPages.Page page = pages.page(status, json);
        byte[] extra = switch (status) {
            case 405 -> Ascii.ALLOW;
            case 503 -> Ascii.RETRY_AFTER_1;
            default -> Ascii.NOTHING;
        };
        return new Answer(status, page.contentType(), page.body(), extra, HeaderEdits.NONE, cause);
    }

    /** Refuses a request that comes too soon. @param waitNs after which it will be taken */
    static Answer tooSoon(long waitNs, boolean json, HeadWriter writer) {
        ErrorPages.Page page = ErrorPages.BUILT_IN.page(429, json);
        writer.clear().put(Ascii.RETRY_AFTER).decimal(Math.ceilDiv(waitNs, TimeUnit.SECONDS.toNanos(1))).lineEnd();
        return new Answer(429, page.contentType(), page.body(), Arrays.copyOf(writer.bytes(), writer.length()),
                HeaderEdits.NONE, Termination.PROXY_DENIED);
    }

    static Answer redirect(Route route, Route.Redirect redirect, RoutedRequest request, HeadWriter writer) {
        writer.clear().put(Ascii.LOCATION);
        redirect.putLocation(request, writer);
        writer.lineEnd();
        HeaderEdits edits = route.responseEdits();
        byte[] location = edits.drops(KnownField.LOCATION) ? Ascii.NOTHING
                : Arrays.copyOf(writer.bytes(), writer.length());
        return new Answer(redirect.status(), Ascii.NOTHING, Ascii.NOTHING, location, edits, Termination.LOCAL);
    }

    static Answer of(Route route, Route.Respond respond) {
        return new Answer(respond.status(), respond.contentType(), respond.body(), Ascii.NOTHING,
                route.responseEdits(), Termination.LOCAL);
    }

    /** Answers a request that no route gets. */
    static Answer of(Unrouted why, boolean json) {
        return why == Unrouted.LAST_OPTIONS
                ? new Answer(why.status(), Ascii.NOTHING, Ascii.NOTHING, Ascii.ALLOW, HeaderEdits.NONE, why.cause())
                : error(why.status(), ErrorPages.BUILT_IN, json, why.cause());
    }
}
