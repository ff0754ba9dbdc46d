package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.launcher.observe.Readings.RouteReading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One route takes several hosts and paths, and is still one route for those who look at it. */
class SeveralHostsAndPathsTest {

    @Test
    void servesCountsAndLogsThemAsOneRoute(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("access.log");
        try (HttpOrigin origin = HttpOrigin.start("origin");
             Sluice sluice = InProcess.launch("""
                     workers: 1
                     listeners:
                       - name: in
                         bind: 127.0.0.1:0
                         protocol: http
                         access-log: { file: %s, format: "%%{route} %%{host} %%{path}" }
                         routes:
                           - name: api
                             match: { host: [a.example, "*.b.example"], path: [/v1/**, /v2/**] }
                             pool: pool
                             rewrite: { strip-prefix: /v1 }
                           - name: moved
                             match: { host: [a.example, old.b.example], path: [/old/*, /v1/older/**] }
                             redirect: { to: /new/ }
                           - name: rest
                             respond: { body: rest }
                     pools: { pool: { servers: %s } }
                     """.formatted(log, HttpOrigin.entries(origin)))) {
            try (HttpPeer client = HttpPeer.to(sluice)) {
                assertEquals("origin /x", ask(client, "a.example", "/v1/x").body());
                assertEquals("origin /v2/x", ask(client, "c.b.example", "/v2/x").body());
                assertEquals("/new/x?y", ask(client, "a.example", "/old/x?y").field("Location"));
                assertEquals("/new/x", ask(client, "old.b.example", "/v1/older/x").field("Location"));
                assertEquals("rest", ask(client, "b.example", "/v1/x").body());
                assertEquals("rest", ask(client, "a.example", "/v3/x").body());
            }
            await().untilAsserted(() -> assertEquals("""
                    api a.example /v1/x
                    api c.b.example /v2/x
                    moved a.example /old/x
                    moved old.b.example /v1/older/x
                    rest b.example /v1/x
                    rest a.example /v3/x
                    """, Files.readString(log)));
            await().untilAsserted(() -> assertEquals(Map.of("api", 2L, "moved", 2L, "rest", 2L), requests(sluice)));
        }
    }

    private static HttpMessage ask(HttpPeer client, String host, String target) throws Exception {
        client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        return client.response();
    }

    private static Map<String, Long> requests(Sluice sluice) {
        List<RouteReading> routes = sluice.observer().current().listeners().getFirst().routes();
        return routes.stream().collect(Collectors.toMap(RouteReading::name, RouteReading::requests));
    }
}
