package io.sluice.l7.route;

import static io.sluice.core.limit.RateLimit.PASSES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.Rate;
import io.sluice.config.RateLimitConfig;
import io.sluice.config.RequestKey;
import io.sluice.config.RequestKey.Part;
import io.sluice.core.limit.RateLimit;
import io.sluice.core.stats.Allocation;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLimitTest {

    private static final long NOW_NS = 5;

    /** The first two count as one, the third for itself. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HEADER | X-Key | GET / HTTP/1.1^^Host: h^^X-Key: a | GET /x HTTP/1.1^^Host: i^^x-key:  a | \
            GET / HTTP/1.1^^Host: h^^X-Key: A
            COOKIE | uid | GET / HTTP/1.1^^Host: h^^Cookie: uid=a | GET / HTTP/1.1^^Host: h^^Cookie: v=1; uid=a | \
            GET / HTTP/1.1^^Host: h^^Cookie: uid=b
            QUERY | k | GET /?k=a HTTP/1.1^^Host: h | GET /?x=1&k=a HTTP/1.1^^Host: h | GET /?k=b HTTP/1.1^^Host: h
            PATH | | GET /%61?x HTTP/1.1^^Host: h | GET //a HTTP/1.1^^Host: i | GET /b HTTP/1.1^^Host: h
            """)
    void countsEachValueForItself(Part part, String name, String one, String same, String other) {
        RequestLimit limit = limit(new RequestKey(part, name == null ? "" : name));
        assertEquals(PASSES, take(limit, one));
        assertTrue(take(limit, same) > PASSES);
        assertEquals(PASSES, take(limit, other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /?k= HTTP/1.1^^Host: h^^X-Key:^^Cookie: uid=", "GET / HTTP/1.1^^Host: h"})
    void doesNotLimitRequestsWithoutThePart(String request) {
        for (RequestKey key : new RequestKey[] {new RequestKey(Part.HEADER, "X-Key"),
            new RequestKey(Part.COOKIE, "uid"), new RequestKey(Part.QUERY, "k")}) {
            RequestLimit limit = limit(key);
            assertEquals(PASSES, take(limit, request));
            assertEquals(PASSES, take(limit, request));
        }
    }

    @Test
    void countsEachClientForItself() {
        RequestLimit limit = limit(RequestKey.BY_CLIENT);
        RoutedRequest request = new RoutedRequest(Requests.get("h", "/"), true);
        request.take(Requests.client("192.0.2.1"));
        assertEquals(PASSES, limit.take(request, NOW_NS));
        request.take(Requests.client("192.0.2.2"));
        assertEquals(PASSES, limit.take(request, NOW_NS));
        request.take(Requests.client("::ffff:192.0.2.1"));
        assertNotEquals(PASSES, limit.take(request, NOW_NS));
    }

    @Test
    void countsAllTogetherIfNoPartIsNamed() {
        RequestLimit limit = limit(Optional.empty());
        assertEquals(PASSES, take(limit, "GET /a HTTP/1.1^^Host: h"));
        assertTrue(take(limit, "POST /b HTTP/1.1^^Host: i") > PASSES);
    }

    @Test
    void allocatesNothing() {
        RequestLimit limit = limit(new RequestKey(Part.COOKIE, "uid"));
        RoutedRequest request = Requests.routed(Requests.parse("GET / HTTP/1.1^^Host: h^^Cookie: a=1; uid=42"));
        Runnable work = () -> {
            for (int i = 0; i < 20_000; i++) {
                limit.take(request, i * 1_000_000_000L);
            }
        };
        work.run();
        long allocated = Allocation.by(work);
        assertTrue(allocated < 1000, allocated + " bytes");
    }

    private static RequestLimit limit(RequestKey by) {
        return limit(Optional.of(by));
    }

    private static RequestLimit limit(Optional<RequestKey> by) {
        return new RequestLimit(new RateLimit(new RateLimitConfig(Rate.perSecond(1), 1, by, false)));
    }

    private static long take(RequestLimit limit, String head) {
        RoutedRequest request = new RoutedRequest(Requests.parse(head), true);
        request.take(Requests.CLIENT);
        return limit.take(request, NOW_NS);
    }
}
