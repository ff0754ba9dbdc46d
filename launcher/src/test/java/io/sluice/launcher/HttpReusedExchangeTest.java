package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
             Sluice sluice = InProcess.launch("""
                     workers: 1
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: pool,
                                   access-log: { file: %s, format: "%%{status} %%{request_bytes} %%{response_bytes}" } }]
                     pools: { pool: { servers: %s } }
                     """.formatted(log, HttpOrigin.entries(origin)));
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
            int bytes = bytesOf(client.response());
            assertEquals(bytes, bytesOf(client.get("/")));
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nagain");
            assertEquals(bytes, bytesOf(client.response()));
            client.send("GET / HTTP/1.1\r\nno colon\r\n");
            int refusal = bytesOf(client.response());
            await().untilAsserted(() -> assertEquals(List.of("200 5 " + bytes, "200 0 " + bytes, "200 5 " + bytes,
                    "400 0 " + refusal), Files.readAllLines(log)));
        }
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
