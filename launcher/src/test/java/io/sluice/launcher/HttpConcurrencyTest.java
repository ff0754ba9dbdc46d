package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** With many clients on several workers, each gets its own responses, over shared connections that come and go. */
class HttpConcurrencyTest {

    private static final int CLIENTS = 48;
    private static final int REQUESTS = 60;

    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void eachClientGetsItsOwnResponses() throws Exception {
        try (HttpOrigin a = origin("a"); HttpOrigin b = origin("b"); HttpOrigin c = origin("c");
             Sluice sluice = InProcess.launch("""
                     workers: 3
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, access-log: off, pool: pool }]
                     pools:
                       pool:
                         servers: %s
                         connections: { idle-per-server: 4 }
                         retry: { attempts: 5 }
                         passive: off
                     """.formatted(HttpOrigin.entries(a, b, c)))) {
            List<Integer> served = Crowd.each(CLIENTS, 1, () -> converse(sluice));
            assertEquals(CLIENTS * REQUESTS, served.stream().mapToInt(Integer::intValue).sum());
            HttpSluice.awaitNothingHeld(sluice);
            int connections = a.connections() + b.connections() + c.connections();
            assertTrue(connections < CLIENTS * REQUESTS / 2, "hardly any was used again: " + connections);
        }
    }

    private int converse(Sluice sluice) throws Exception {
        int served = 0;
        while (served < REQUESTS) {
            try (HttpPeer client = HttpPeer.to(sluice)) {
                for (int i = 0; i < 10; i++, served++) {
                    exchange(client, "/" + requests.incrementAndGet());
                }
            }
        }
        return served;
    }

    private static void exchange(HttpPeer client, String target) throws Exception {
        if (target.hashCode() % 2 == 0) {
            assertEquals("GET " + target + " ", client.get(target).body());
            return;
        }
        String body = target.repeat(1000);
        client.send("POST " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
        HttpMessage response = client.response();
        // The server may have closed just then, and a POST is not sent twice.
        assertTrue(response.status() == 502 || response.body().equals("POST " + target + " " + body), target);
    }

    /** Tells what it was asked, and closes each seventh time behind its answer, now announced and now not. */
    private static HttpOrigin origin(String name) throws Exception {
        AtomicInteger answers = new AtomicInteger();
        return HttpOrigin.start(name, (_, peer, request) -> {
            String method = request.startLine().substring(0, request.startLine().indexOf(' '));
            String body = method + " " + request.target() + " " + request.body();
            int turn = answers.incrementAndGet();
            peer.send("HTTP/1.1 200 OK\r\n" + (turn % 14 == 0 ? "Connection: close\r\n" : "")
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            if (turn % 7 == 0) {
                peer.leave();
            }
        });
    }
}
