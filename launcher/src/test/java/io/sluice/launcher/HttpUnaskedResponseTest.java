package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What a server says on a kept connection without having been asked is nobody's response. */
class HttpUnaskedResponseTest {

    private static final String UNASKED = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nunasked";

    private final BlockingQueue<HttpPeer> connections = new LinkedBlockingQueue<>();

    @Test
    void isDroppedWhenItComesWithTheNextRequest() throws Exception {
        try (HttpOrigin origin = origin(); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /1", client.get("/1").body());
            HttpPeer kept = connections.take();
            HttpSluice.whileHeld(sluice, () -> {
                client.send("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n");
                kept.send(UNASKED);
            });
            assertEquals("server /2", client.response().body());
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void isDroppedWhenItComesBeforeTheNextRequest() throws Exception {
        try (HttpOrigin origin = origin(); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /1", client.get("/1").body());
            HttpPeer kept = connections.take();
            HttpSluice.whileHeld(sluice, () -> {
                kept.send(UNASKED);
                client.send("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n");
            });
            assertEquals("server /2", client.response().body());
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void isDroppedBeforeARequestThatCouldNotBeRepeated() throws Exception {
        try (HttpOrigin origin = origin(); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /1", client.get("/1").body());
            HttpPeer kept = connections.take();
            HttpSluice.whileHeld(sluice, () -> {
                client.send("POST /2 HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
                kept.send(UNASKED);
            });
            assertEquals("server /2", client.response().body());
            assertEquals(2, origin.requests().size());
        }
    }

    @Test
    void isDroppedWithoutRetriesToo() throws Exception {
        try (HttpOrigin origin = origin();
             Sluice sluice = HttpSluice.launch("pool: pool", HttpOrigin.entries(origin), "retry: { on: [] }");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /1", client.get("/1").body());
            HttpPeer kept = connections.take();
            HttpSluice.whileHeld(sluice, () -> {
                client.send("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n");
                kept.send(UNASKED);
            });
            assertEquals("server /2", client.response().body());
        }
    }

    private HttpOrigin origin() throws Exception {
        return HttpOrigin.start("server", (name, peer, request) -> {
            connections.add(peer);
            HttpOrigin.NAME_AND_TARGET.answer(name, peer, request);
        });
    }
}
