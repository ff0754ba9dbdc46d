package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exchanges are used again, for other requests: what one has left behind says nothing of the next. */
class HttpReusedExchangeTest {

    @Test
    void logsNothingOfTheRequestBefore(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("access.log");
        try (HttpOrigin origin = HttpOrigin.saying("HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 4\r\n\r\ngood");
             Sluice sluice = launch(log, origin); HttpPeer client = HttpPeer.to(sluice)) {
            int malformed = bytesOf(client.get("/%zz"));
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
            int good = bytesOf(client.response());
            assertEquals(good, bytesOf(client.get("/")));
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nagain");
            assertEquals(good, bytesOf(client.response()));
            client.send("GET / HTTP/1.1\r\nno colon\r\n");
            int refused = bytesOf(client.response());
            await().untilAsserted(() -> assertEquals(List.of("400 0 " + malformed + " bad-percent-encoding",
                    "200 5 " + good + " -", "200 0 " + good + " -", "200 5 " + good + " -",
                    "400 0 " + refused + " space-before-colon"), Files.readAllLines(log)));
        }
    }

    @Test
    void logsNothingOfATunnelBefore(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("access.log");
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, request) -> {
            if (request.has("Upgrade")) {
                peer.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nhello");
                peer.leave();
            } else {
                peer.send(HttpOrigin.ok(name));
            }
        });
             Sluice sluice = launch(log, origin)) {
            try (HttpPeer client = HttpPeer.to(sluice)) {
                assertEquals(101, client.get("/", "Connection: upgrade", "Upgrade: echo").status());
                assertEquals("hello", client.rest());
            }
            HttpSluice.awaitNothingHeld(sluice);
            try (HttpPeer client = HttpPeer.to(sluice)) {
                int bytes = bytesOf(client.get("/"));
                await().until(() -> Files.readString(log).endsWith("\n200 0 " + bytes + " -\n"));
            }
        }
    }

    /** The pool's pages are for requests that go to it. */
    @Test
    void showsNoPageOfThePoolBefore(@TempDir Path directory) throws Exception {
        Path page = Files.writeString(directory.resolve("400.html"), "of the pool");
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.before("error-pages: { 400: " + page + " }", origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server /", client.get("/").body());
            HttpMessage refusal = client.get("/%zz");
            assertEquals(400, refusal.status());
            assertNotEquals("of the pool", refusal.body());
        }
    }

    private static Sluice launch(Path log, HttpOrigin origin) throws Exception {
        return InProcess.launch("""
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: pool, access-log:
                              { file: %s, format: "%%{status} %%{request_bytes} %%{response_bytes} %%{refusal}" } }]
                pools: { pool: { servers: %s } }
                """.formatted(log, HttpOrigin.entries(origin)));
    }

    private static int bytesOf(HttpMessage response) {
        return String.join("\r\n", response.head()).length() + 4 + response.body().length();
    }

    /** A server that has sent an interim response has got the request, so a request is not repeated after one. */
    @Test
    void repeatsARequestAlthoughTheOneBeforeHadAnInterimResponse() throws Exception {
        Set<HttpPeer> answered = ConcurrentHashMap.newKeySet();
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, _) -> {
            if (answered.add(peer)) {
                peer.send("HTTP/1.1 103 Early Hints\r\n\r\n" + HttpOrigin.ok(name));
            } else {
                peer.leave();
            }
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(103, client.get("/" + i).status());
                assertEquals(200, client.response().status());
            }
        }
    }
}
