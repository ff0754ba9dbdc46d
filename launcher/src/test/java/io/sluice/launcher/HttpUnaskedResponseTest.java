package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server says on a kept connection without having been asked is nobody's response. */
class HttpUnaskedResponseTest {

    private static final String UNASKED = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nunasked";

    private final BlockingQueue<HttpPeer> connections = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isDroppedWhetherItComesBeforeTheNextRequestOrAfterIt(boolean before) throws Exception {
        try (HttpOrigin origin = origin(); Sluice sluice = HttpSluice.before(origin)) {
            assertEquals("server /2", answerTo("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n", before, sluice));
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void isDroppedBeforeARequestThatCouldNotBeRepeated() throws Exception {
        try (HttpOrigin origin = origin(); Sluice sluice = HttpSluice.before(origin)) {
            assertEquals("server /2",
                    answerTo("POST /2 HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi", false, sluice));
            assertEquals(2, origin.requests().size());
        }
    }

    @Test
    void isDroppedWithoutRetriesToo() throws Exception {
        try (HttpOrigin origin = origin();
             Sluice sluice = HttpSluice.before("retry: { on: [] }", origin)) {
            assertEquals("server /2", answerTo("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n", false, sluice));
        }
    }

    /** What a client gets for its second request when the kept connection says something in the same cycle. */
    private String answerTo(String request, boolean unaskedFirst, Sluice sluice) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /1", client.get("/1").body());
            HttpPeer kept = connections.take();
            HttpSluice.whileHeld(sluice, () -> {
                if (unaskedFirst) {
                    kept.send(UNASKED);
                }
                client.send(request);
                if (!unaskedFirst) {
                    kept.send(UNASKED);
                }
            });
            return client.response().body();
        }
    }

    private HttpOrigin origin() throws Exception {
        return HttpOrigin.start("server", (name, peer, request) -> {
            connections.add(peer);
            HttpOrigin.NAME_AND_TARGET.answer(name, peer, request);
        });
    }
}
