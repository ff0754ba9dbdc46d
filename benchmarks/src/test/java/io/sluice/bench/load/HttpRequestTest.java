package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpRequestTest {

    private static final TargetUrl URL = TargetUrl.parse("http://h:81/a?b");

    @Test
    void addsWhatIsNeeded() {
        assertRequest("GET /a?b HTTP/1.1\r\nHost: h:81\r\n\r\n", "GET", "", false);
        assertRequest("POST /a?b HTTP/1.1\r\nHost: h:81\r\nContent-Length: 0\r\n\r\n", "POST", "", false);
        assertRequest("GET /a?b HTTP/1.1\r\nHost: h:81\r\nContent-Length: 2\r\nConnection: close\r\n\r\nxy",
                "GET", "xy", true);
    }

    @Test
    void leavesWhatIsGiven() {
        assertRequest("PUT /a?b HTTP/1.1\r\nhost: other\r\nContent-length: 2\r\nconnection: close\r\nX: y\r\n\r\nxy",
                "PUT", "xy", true, "host: other", "Content-length: 2", "connection: close", "X: y");
    }

    @Test
    void refusesWhatIsNotValid() {
        assertRefused("GE T", "");
        assertRefused("CONNECT", "");
        assertRefused("GET", "", "X-Y");
        assertRefused("GET", "", "X: y\r\n\r\nGET / HTTP/1.1\r\nHost: z");
        assertRefused("POST", "xyz", "Content-Length: 2");
        assertRefused("GET", "", "Upgrade: websocket", "Connection: Upgrade");
    }

    private static void assertRequest(String expected, String method, String body, boolean closing, String... fields) {
        byte[] bytes = HttpRequest.of(method, URL, List.of(fields), body.getBytes(StandardCharsets.US_ASCII), closing)
                .bytes();
        assertEquals(expected, new String(bytes, StandardCharsets.US_ASCII));
    }

    private static void assertRefused(String method, String body, String... fields) {
        assertThrows(IllegalArgumentException.class, () -> HttpRequest.of(method, URL, List.of(fields),
                body.getBytes(StandardCharsets.US_ASCII), false));
    }
}
