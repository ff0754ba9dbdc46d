package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a client sends ahead are all answered, each once, in their order. */
class HttpPipeliningTest {

    private static final String ROUTES = "routes: [{ match: { path: /local }, respond: { body: local } }, "
            + "{ pool: pool }]";

    private static final String LAST = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";

    @Test
    void answersAThousandRequestsOfOneWriteInOrder() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(IntStream.range(0, 1000).mapToObj(i -> get("/" + i)).collect(Collectors.joining()));
            for (int i = 0; i < 1000; i++) {
                assertEquals("server /" + i, client.response().body());
            }
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void keepsTheOrderWhereSomeAreAnsweredLocally() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch(ROUTES, HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(IntStream.range(0, 500).mapToObj(i -> get(i % 3 == 0 ? "/local" : "/" + i))
                    .collect(Collectors.joining()));
            for (int i = 0; i < 500; i++) {
                assertEquals(i % 3 == 0 ? "local" : "server /" + i, client.response().body());
            }
        }
    }

    @Test
    void readsResponsesAlthoughClientsThatSendAheadHoldAllBuffersTheyCan() throws Exception {
        CountDownLatch arrived = new CountDownLatch(7);
        CountDownLatch answered = new CountDownLatch(1);
        try (HttpOrigin origin = waiting(arrived, answered); Sluice sluice = withEightBuffers(origin)) {
            List<HttpPeer> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(HttpPeer.to(sluice));
                clients.getLast().send(get("/" + i) + "G");
            }
            Latches.await(arrived);
            answered.countDown();
            for (int i = 0; i < 20; i++) {
                assertEquals("/" + i, clients.get(i).response().body());
            }
            for (HttpPeer client : clients) {
                client.close();
            }
        }
    }

    /** Their heads take no buffers, but what is behind their bodies would, until the responses have come. */
    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 4\r\n\r\n|body", "Transfer-Encoding: chunked\r\n\r\n|4\r\nbody\r\n0\r\n\r\n"})
    void readsResponsesAlthoughManyClientsSendAheadBehindTheirBodies(String headEndAndBody) throws Exception {
        int count = 20;
        String[] parts = headEndAndBody.split("\\|");
        CountDownLatch arrived = new CountDownLatch(count);
        CountDownLatch answered = new CountDownLatch(1);
        try (HttpOrigin origin = waiting(arrived, answered); Sluice sluice = withEightBuffers(origin)) {
            List<HttpPeer> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(HttpPeer.to(sluice));
                clients.getLast().send("POST /" + i + " HTTP/1.1\r\nHost: test\r\n" + parts[0]);
            }
            await().until(() -> origin.connections() == count);
            for (HttpPeer client : clients) {
                client.send(parts[1] + get("/next"));
            }
            Latches.await(arrived);
            answered.countDown();
            for (int i = 0; i < count; i++) {
                assertEquals("/" + i, clients.get(i).response().body());
                assertEquals("/next", clients.get(i).response().body());
            }
            for (HttpPeer client : clients) {
                client.close();
            }
        }
    }

    /** Answers with the target, but not before it is told to. */
    private static HttpOrigin waiting(CountDownLatch arrived, CountDownLatch answered) throws IOException {
        return HttpOrigin.start("server", (_, peer, request) -> {
            arrived.countDown();
            Latches.await(answered);
            peer.send(HttpOrigin.ok(request.target()));
        });
    }

    private static Sluice withEightBuffers(HttpOrigin origin) throws Exception {
        return InProcess.launch("""
                workers: 1
                buffers: { size: 8KiB, memory: 64KiB }
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, access-log: off, pool: pool }]
                pools: { pool: { servers: %s } }
                """.formatted(HttpOrigin.entries(origin)));
    }

    @Test
    void findsTheRequestBehindABody() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) ->
                peer.send(HttpOrigin.ok(request.target() + request.body())));
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            client.send("POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n12345"
                    + "POST /b HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                    + get("/c"));
            assertEquals("/a12345", client.response().body());
            assertEquals("/babc", client.response().body());
            assertEquals("/c", client.response().body());
        }
    }

    @Test
    void takesRequestsApartHoweverTheyAreCut() throws Exception {
        String requests = "POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n12345"
                + "POST /b HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                + get("/c");
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, request) ->
                peer.send(HttpOrigin.ok(request.target() + request.body())));
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            for (int cut = 1; cut < requests.length(); cut++) {
                client.send(requests.substring(0, cut));
                client.send(requests.substring(cut));
                assertEquals("/a12345", client.response().body());
                assertEquals("/babc", client.response().body());
                assertEquals("/c", client.response().body());
            }
        }
    }

    /** They begin no request, so however many come, and however they are cut, the next one is served. */
    @Test
    void skipsEmptyLinesHoweverTheyAreCut() throws Exception {
        String lines = "\r\n".repeat(4);
        String requests = lines + get("/a") + lines + get("/b");
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int cut = 1; cut < requests.length(); cut++) {
                client.send(requests.substring(0, cut));
                HttpSluice.awaitCycle(sluice);
                client.send(requests.substring(cut));
                assertEquals("server /a", client.response().body(), "cut at " + cut);
                assertEquals("server /b", client.response().body(), "cut at " + cut);
            }
            client.trickle(requests);
            assertEquals("server /a", client.response().body());
            assertEquals("server /b", client.response().body());
        }
    }

    /** Also a CR that comes alone is none before it is known what follows it. */
    @ParameterizedTest
    @ValueSource(strings = {"\r", "\r\n\r\n\r\n\r"})
    void refusesACarriageReturnBeforeARequestHoweverItIsCut(String before) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin)) {
            String request = before + get("/");
            for (int cut = 0; cut <= before.length(); cut++) {
                try (HttpPeer client = HttpPeer.to(sluice)) {
                    client.send(request.substring(0, cut));
                    HttpSluice.awaitCycle(sluice);
                    client.send(request.substring(cut));
                    assertEquals(400, client.response().status(), "cut at " + cut);
                }
            }
            assertEquals(before.length() + 1, sluice.stats().sum(Counter.HTTP_REFUSED));
        }
    }

    @Test
    void losesNothingThatComesWhileARequestWaitsForAServer() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, request) -> {
            if (request.target().equals("/holder")) {
                Latches.await(release);
            }
            peer.send(HttpOrigin.ok(name + " " + request.target()));
        });
             Sluice sluice = HttpSluice.launch("pool: pool", "[" + origin.entry("max-connections: 1") + "]",
                     "max-queue: 10");
             HttpPeer holder = HttpPeer.to(sluice); HttpPeer client = HttpPeer.to(sluice)) {
            holder.send(get("/holder"));
            origin.nextRequest();
            client.send(get("/1") + get("/2").substring(0, 10));
            await().until(() -> InProcess.queueLength(sluice) == 1);
            client.send(get("/2").substring(10) + get("/3"));
            // Read ahead, behind what waits already.
            await().until(() -> HttpSluice.buffersInUse(sluice.workers().getFirst()) > 0);
            release.countDown();
            assertEquals("server /holder", holder.response().body());
            for (int i = 1; i <= 3; i++) {
                assertEquals("server /" + i, client.response().body());
            }
        }
    }

    @Test
    void losesNothingWhenEventsOfBothSidesComeTogether() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin)) {
            Crowd.each(16, 1, () -> {
                try (HttpPeer client = HttpPeer.to(sluice)) {
                    Thread.startVirtualThread(() -> sendOneByOne(client));
                    for (int i = 0; i < 2000; i++) {
                        assertEquals("server /" + i, client.response().body());
                    }
                }
                return null;
            });
        }
    }

    private static void sendOneByOne(HttpPeer client) {
        try {
            for (int i = 0; i < 2000; i++) {
                client.send(get("/" + i));
            }
        } catch (IOException e) {
            // The reader will say what was missing.
        }
    }

    /** What is behind a request, and how the client sees its connection end then. */
    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r\n\r\n\r\n\r\n", "GET /half HT"})
    void losesNoResponseOverWhatAClientSendsBeforeItsEnd(String behind) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n" + behind);
            client.finish();
            assertEquals("server /", client.response().body());
            assertFalse(client.awaitEndByReset(), "the response could have been lost");
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void answersWhatTheClientSentBeforeItEndedItsDirection() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(get("/1") + get("/2"));
            client.finish();
            assertEquals("server /1", client.response().body());
            assertEquals("server /2", client.response().body());
            assertFalse(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void ignoresWhatIsBehindARefusedRequest() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(get("/1") + "GET /2 HTTP/1.1\r\nHost : test\r\n\r\n" + get("/3"));
            assertEquals("server /1", client.response().body());
            HttpMessage refusal = client.response();
            assertEquals(400, refusal.status());
            assertEquals("close", refusal.field("Connection"));
            assertFalse(client.awaitEndByReset());
            assertEquals(1, origin.requests().size());
        }
    }

    /** It should send nothing more, but a reset would destroy what has not reached it yet. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_000})
    void losesNoResponseOverWhatAClientSendsBehindItsLastRequest(int behind) throws Exception {
        String body = "x".repeat(200_000);
        try (HttpOrigin origin = HttpOrigin.saying(HttpOrigin.ok(body)); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.slowTo(sluice)) {
            client.send(LAST);
            awaitServed(sluice);
            client.send("x".repeat(behind));
            HttpSluice.awaitCycle(sluice);
            assertEquals(body, client.response().body());
            assertFalse(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** Such a client will most likely send still more, so also a short response is at risk if it reads slowly. */
    @Test
    void losesNoShortResponseOverWhatComesTogetherWithAClientsLastRequest() throws Exception {
        String body = "x".repeat(9000);
        try (HttpOrigin origin = HttpOrigin.saying(HttpOrigin.ok(body)); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.slowTo(sluice)) {
            client.send(LAST + get("/ignored"));
            awaitServed(sluice);
            client.send(get("/ignored"));
            HttpSluice.awaitCycle(sluice);
            assertEquals(body, client.response().body());
            assertFalse(client.awaitEndByReset());
            assertEquals(1, origin.requests().size());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** The last response has left at once, but not those before it. */
    @Test
    void losesNoEarlierResponseOverWhatAClientSendsBehindItsLastRequest() throws Exception {
        String body = "x".repeat(200_000);
        try (HttpOrigin origin = HttpOrigin.saying(HttpOrigin.ok(body));
             Sluice sluice = HttpSluice.launch(ROUTES, HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.slowTo(sluice)) {
            client.send(get("/"));
            awaitServed(sluice);
            client.send("GET /local HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
            await().until(() -> sluice.stats().sum(Counter.HTTP_REQUESTS) == 2);
            client.send("\r\n");
            HttpSluice.awaitCycle(sluice);
            assertEquals(body, client.response().body());
            assertEquals("local", client.response().body());
            assertFalse(client.awaitEndByReset());
        }
    }

    /** Waits until the first response has been written. */
    private static void awaitServed(Sluice sluice) {
        await().until(() -> sluice.stats().sum(Counter.HTTP_REQUESTS) == 1);
        await().until(() -> sluice.pools().get("pool").servers().getFirst().connections() == 0);
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
    }
}
