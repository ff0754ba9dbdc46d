package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A PROXY protocol header names one client, so a connection that began with one serves no other. */
class HttpProxyProtocolTest {

    @Test
    void namesEachClientToTheServer() throws Exception {
        List<String> headers = new CopyOnWriteArrayList<>();
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer sluice = HttpPeer.on(socket);
            headers.add(sluice.line());
            // It would keep the connection.
            while (sluice.request() != null) {
                sluice.send(HttpOrigin.ok("served"));
            }
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "send-proxy-protocol: v1")) {
            List<String> addresses = List.of("127.0.0.1", "127.0.0.7", "127.0.0.1");
            for (String address : addresses) {
                try (HttpPeer client = HttpPeer.from(address, sluice)) {
                    assertEquals("served", client.get("/").body());
                }
            }
            assertEquals(addresses, headers.stream()
                    .map(header -> header.replaceFirst("^PROXY TCP4 (\\S+) 127\\.0\\.0\\.1 .*", "$1")).toList());
        }
    }
}
