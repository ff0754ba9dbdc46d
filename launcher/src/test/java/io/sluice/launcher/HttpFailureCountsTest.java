package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.Server;
import io.sluice.core.stats.Tally;
import io.sluice.core.stats.TrafficCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is logged and counted of servers that fail, and what is held against them. */
class HttpFailureCountsTest {

    /** The client waits for another server's only slot when it leaves. The first server has answered two clients. */
    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 503 Service Unavailable^Content-Length: 4^^busy', 2",
        "'HTTP/1.1 200 OK^Transfer-Encoding: chunked^^broken^', 0"})
    void countsAFailureOnceAndLogsNoStatusIfTheClientLeavesBeforeAnotherServerAnswers(
            String failure, long serverErrors, @TempDir Path directory) throws Exception {
        Path log = directory.resolve("access.log");
        CountDownLatch release = new CountDownLatch(1);
        try (HttpOrigin failing = HttpOrigin.saying(failure.replace("^", "\r\n"));
             HttpOrigin slow = HttpOrigin.start("slow", (name, peer, _) -> {
                 Latches.await(release);
                 peer.send(HttpOrigin.ok(name));
             });
             Sluice sluice = InProcess.launch("""
                     workers: 1
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: pool,
                                   access-log: { file: %s, format: "%%{status} %%{time_response} %%{termination}" } }]
                     pools: { pool: { balance: first, servers: [%s, %s],
                                      retry: { on: [502, 503], budget: 100%% }, passive: { errors: 0 } } }
                     """.formatted(log, failing.entry(""), slow.entry("max-connections: 1")));
             HttpPeer served = HttpPeer.to(sluice); HttpPeer leaving = HttpPeer.to(sluice)) {
            served.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            slow.nextRequest();
            leaving.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> InProcess.queueLength(sluice) == 1);
            leaving.leave();
            await().until(() -> InProcess.queueLength(sluice) == 0);
            release.countDown();
            assertEquals("slow", served.response().body());
            await().until(() -> Files.readAllLines(log).size() == 2);
            assertEquals("000 -1 CQ", Files.readAllLines(log).getFirst());
            HttpSluice.awaitCycle(sluice);
            Server server = InProcess.server(sluice, "server");
            assertEquals(serverErrors, Tally.sum(server.traffic(), TrafficCount.STATUS_5XX));
            assertEquals(2, failing.requests().size());
        }
    }

    /** Each of two servers sends one before a response that is withdrawn. */
    @Test
    void logsTheBytesOfInterimResponsesBeforeResponsesThatAreWithdrawn(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("access.log");
        String broken = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbroken\r\n";
        try (HttpOrigin one = HttpOrigin.saying(broken); HttpOrigin other = HttpOrigin.saying(broken);
             Sluice sluice = InProcess.launch("""
                     workers: 1
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: pool,
                                   access-log: { file: %s, format: "%%{status} %%{response_bytes} %%{retries}" } }]
                     pools: { pool: { servers: [%s, %s], retry: { on: [502], attempts: 1 } } }
                     """.formatted(log, one.entry(""), other.entry("").replace("name: server", "name: other")));
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
            int bytes = client.rest().length();
            await().until(() -> Files.readAllLines(log).size() == 1);
            assertEquals("502 " + bytes + " 1", Files.readAllLines(log).getFirst());
        }
    }

    /** Operators look for how long clients wait before they give up. */
    @Test
    void logsTheSearchOfAClientThatLeavesBeforeThereIsAServer(@TempDir Path directory) throws Exception {
        assertSearchIsLogged("CQ", directory, (sluice, leaving) -> {
            leaving.leave();
            await().until(() -> InProcess.queueLength(sluice) == 0);
        });
    }

    @Test
    void logsTheSearchOfAClientWhenSluiceStopsBeforeThereIsAServer(@TempDir Path directory) throws Exception {
        assertSearchIsLogged("KQ", directory, (sluice, _) -> sluice.close());
    }

    /** The first server refuses the client, the other one is busy. */
    private static void assertSearchIsLogged(String letters, Path directory, SearchEnd end) throws Exception {
        Path log = directory.resolve("access.log");
        CountDownLatch release = new CountDownLatch(1);
        try (HttpOrigin gone = HttpOrigin.start("gone");
             HttpOrigin slow = HttpOrigin.start("slow", (_, _, _) -> Latches.await(release));
             Sluice sluice = InProcess.launch("""
                     workers: 1
                     drain-timeout: 50ms
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: pool,
                                   access-log: { file: %s, format:
                                     "%%{target} %%{time_queue} %%{time_connect} %%{retries} %%{termination}" } }]
                     pools: { pool: { balance: first, servers: [%s, %s] } }
                     """.formatted(log, gone.entry(""), slow.entry("max-connections: 1")));
             HttpPeer served = HttpPeer.to(sluice); HttpPeer waiting = HttpPeer.to(sluice)) {
            gone.server().kill();
            served.send("GET /served HTTP/1.1\r\nHost: test\r\n\r\n");
            slow.nextRequest();
            waiting.send("GET /waiting HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> InProcess.queueLength(sluice) == 1);
            end.come(sluice, waiting);
            await().until(() -> Files.readString(log).contains("/waiting"));
            String logged = Files.readString(log);
            assertTrue(logged.matches("(?s).*/waiting \\d+ -1 1 " + letters + "\n.*"), logged);
            release.countDown();
        }
    }

    private interface SearchEnd {
        void come(Sluice sluice, HttpPeer waiting) throws Exception;
    }

    /** It need not be a fault of the server, but an operator is to see where the 502 comes from. */
    @Test
    void countsAKeptConnectionThatTurnsOutClosedIfTheClientSuffersFromIt() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answeringOnce("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            Server server = InProcess.server(sluice, "server");
            assertEquals(200, client.get("/1").status());
            assertEquals(200, client.get("/2").status(), "repeated on a new connection");
            assertEquals(Map.of(), errors(server));
            client.send("POST /3 HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
            assertEquals(502, client.response().status());
            HttpSluice.awaitCycle(sluice);
            assertEquals(Map.of("server-abort-response", 1L), errors(server));
        }
    }

    /** It may wait for an event to tell the client of. */
    @Test
    void ejectsNoServerThatFallsSilentInTheMiddleOfAResponse() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (HttpOrigin silent = HttpOrigin.start("silent", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            Latches.await(over);
        });
             HttpOrigin spare = HttpOrigin.start("spare");
             Sluice sluice = HttpSluice.before("balance: first, timeouts: { server: 50ms }, "
                     + "passive: { errors: 10, eject-for: 1h }", silent, spare)) {
            for (int i = 0; i < 11; i++) {
                try (HttpPeer client = HttpPeer.to(sluice)) {
                    assertThrows(IOException.class, () -> client.get("/"));
                }
            }
            assertEquals(0, spare.requests().size());
            over.countDown();
        }
    }

    private static Map<String, Long> errors(Server server) {
        Map<String, Long> sums = new HashMap<>();
        server.traffic().forEach(one -> one.errors().addTo(sums));
        return sums;
    }
}
