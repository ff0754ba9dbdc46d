package io.sluice.l7.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.config.RequestKey;
import io.sluice.config.RequestKey.Part;
import io.sluice.l7.http.RequestParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {

    private static final RequestParser REQUEST =
            Requests.parse("GET /p?a=1&t=acme HTTP/1.1^^Host: h^^X-Tenant: acme^^X-Empty:^^Cookie: x=y; t=acme");

    @ParameterizedTest
    @CsvSource({"HEADER, x-tenant", "COOKIE, t", "QUERY, t"})
    void hashesTheSameValueToTheSameNumberInEveryRelease(Part part, String name) {
        assertEquals("130a76222d4427ef", "%016x".formatted(hash(new RequestKey(part, name), REQUEST)));
    }

    @Test
    void hashesThePathThatItIsGiven() {
        RequestKey path = new RequestKey(Part.PATH, "");
        assertEquals(hash(path, REQUEST), hash(path, Requests.get("other", "/p?b=2")));
        assertNotEquals(hash(path, REQUEST), hash(path, Requests.get("h", "/q")));
    }

    @Test
    void hashesTheClientWhereTheRequestHasNoSuchPart() {
        assertEquals(Requests.CLIENT.hash(), hash(new RequestKey(Part.HEADER, "X-None"), REQUEST));
        assertEquals(Requests.CLIENT.hash(), hash(new RequestKey(Part.HEADER, "X-Empty"), REQUEST));
        assertEquals(Requests.CLIENT.hash(), hash(new RequestKey(Part.CLIENT, ""), REQUEST));
    }

    private static long hash(RequestKey key, RequestParser request) {
        return new KeyHash(key).of(Requests.routed(request));
    }
}
