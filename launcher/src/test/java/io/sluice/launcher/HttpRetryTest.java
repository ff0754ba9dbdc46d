package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.ServerState;
import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server fails at, another one is asked, as long as that is safe and the client has seen nothing. */
class HttpRetryTest {

    private static final HttpOrigin.Answering UNAVAILABLE = (_, peer, _) ->
            peer.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy");

    @Test
    void asksAnotherServerWhenOneRefusesConnections() throws Exception {
        try (HttpOrigin bad = HttpOrigin.start("bad"); HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.before(bad, good); HttpPeer client = HttpPeer.to(sluice)) {
            bad.server().kill();
            for (int i = 0; i < 10; i++) {
                assertEquals("good /" + i, client.get("/" + i).body());
            }
            assertTrue(sluice.stats().sum(Counter.CONNECT_RETRIES) > 0, "nothing counted");
            assertEquals(0, sluice.stats().sum(Counter.HTTP_RETRIES));
        }
    }

    @Test
    void repeatsAGetWhenTheServerClosesTheKeptConnectionInsteadOfAnswering() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answeringOnce("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(200, client.get("/" + i).status());
            }
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void repeatsAnUpgradeAndPassesOnOnceWhatComesBehindIt() throws Exception {
        Set<HttpPeer> answered = ConcurrentHashMap.newKeySet();
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, request) -> {
            if (!answered.add(peer)) {
                peer.leave();
            } else if (request.has("Upgrade")) {
                peer.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
                peer.send(peer.rest());
            } else {
                peer.send(HttpOrigin.ok(name));
            }
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(200, client.get("/").status());
            client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nbehind the head");
            assertEquals(101, client.response().status());
            client.send(", later");
            client.finish();
            assertEquals("behind the head, later", client.rest());
            assertEquals(2, origin.connections());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** What is no response may have come before the request: it says nothing about its fate. */
    @Test
    void repeatsAGetWhenAKeptConnectionBringsNoResponse() throws Exception {
        Set<HttpPeer> answered = ConcurrentHashMap.newKeySet();
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, _) ->
                peer.send(answered.add(peer) ? HttpOrigin.ok(name) : "nonsense\r\n\r\n"));
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 4; i++) {
                assertEquals(200, client.get("/" + i).status());
            }
        }
    }

    /** Of two that are closed by now, one is tried; then a new one. */
    @Test
    void takesNoOtherKeptConnectionWhenOneTurnsOutClosed() throws Exception {
        CountDownLatch bothKept = new CountDownLatch(2);
        Set<HttpPeer> answered = ConcurrentHashMap.newKeySet();
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, _) -> {
            if (answered.add(peer)) {
                bothKept.countDown();
                Latches.await(bothKept);
                peer.send(HttpOrigin.ok(name));
            } else {
                peer.leave();
            }
        });
             Sluice sluice = HttpSluice.before("retry: { attempts: 1 }", origin);
             HttpPeer client = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
            client.send("GET /1 HTTP/1.1\r\nHost: test\r\n\r\n");
            other.send("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals(200, client.response().status());
            assertEquals(200, other.response().status());
            assertEquals(200, client.get("/3").status());
            assertEquals(3, origin.connections());
        }
    }

    /** With no retry left, a kept connection that turns out closed would cost the client its answer. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void usesTheLastRetryOnANewConnection(boolean refuses) throws Exception {
        try (HttpOrigin bad = HttpOrigin.start("bad", UNAVAILABLE); HttpOrigin good = HttpOrigin.answeringOnce("good");
             Sluice sluice = HttpSluice.before("balance: first, passive: { errors: 0 }, "
                     + "retry: { on: [connect-failure, idle-closed, 503], attempts: 1, budget: 100% }", bad, good);
             HttpPeer client = HttpPeer.to(sluice)) {
            if (refuses) {
                bad.server().kill();
            }
            for (int i = 0; i < 4; i++) {
                assertEquals(200, client.get("/" + i).status());
            }
        }
    }

    @Test
    void doesNotRepeatAPostThatWasSent() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answeringOnce("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(200, client.get("/1").status());
            client.send("POST /2 HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
            assertEquals(502, client.response().status());
            assertEquals(2, origin.requests().size());
        }
    }

    @Test
    void doesNotTakeAServerThatHasBegunToAnswerForOneThatHadClosedBefore() throws Exception {
        Set<HttpPeer> answered = ConcurrentHashMap.newKeySet();
        try (HttpOrigin origin = HttpOrigin.start("server", (name, peer, _) -> {
            if (answered.add(peer)) {
                peer.send(HttpOrigin.ok(name));
            } else {
                peer.send("HTTP/1.1 103 Early Hints\r\n\r\n");
                peer.leave();
            }
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("server", client.get("/").body());
            assertEquals(103, client.get("/").status());
            assertEquals(502, client.response().status());
            assertEquals(2, origin.requests().size());
        }
    }

    @Test
    void doesNotRepeatTheFirstRequestOfAConnection() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> peer.leave());
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(502, client.get("/").status());
            assertEquals(1, origin.requests().size());
        }
    }

    @Test
    void asksAnotherServerOnConfiguredStatuses() throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", UNAVAILABLE); HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.before("balance: first, "
                     + "retry: { on: [503], attempts: 1, budget: 100% }, passive: { errors: 0 }", busy, good);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 10; i++) {
                assertEquals("good /" + i, client.get("/" + i).body());
            }
            assertEquals(10, busy.requests().size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, 503, 'POST / HTTP/1.1^Host: test^Content-Length: 0^^'",
        "true, 503, 'PUT / HTTP/1.1^Host: test^Content-Length: 2^^hi'",
        "true, 503, 'PUT / HTTP/1.1^Host: test^Transfer-Encoding: chunked^^0^^'",
        "true, 200, 'GET / HTTP/1.1^Host: test^Connection: Upgrade^Upgrade: websocket^^'",
        "true, 200, 'PUT / HTTP/1.1^Host: test^Content-Length: 0^^'",
        "false, 200, 'POST / HTTP/1.1^Host: test^Content-Length: 0^^'",
        "false, 503, 'POST / HTTP/1.1^Host: test^Content-Length: 2^^hi'"})
    void repeatsOnlyWhatIsWholeAndDoesNoHarmTwice(boolean onlyIdempotent, int status, String request)
            throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", UNAVAILABLE); HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.before("balance: first, retry: { on: [503], budget: 100%, only-idempotent: "
                     + onlyIdempotent + " }", busy, good);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(request.replace("^", "\r\n"));
            assertEquals(status, client.response().status());
            assertEquals(status == 200 ? 1 : 0, good.requests().size());
        }
    }

    @Test
    void asksNoMoreServersThanTheAttemptsSay() throws Exception {
        try (HttpOrigin a = HttpOrigin.start("a", UNAVAILABLE); HttpOrigin b = HttpOrigin.start("b", UNAVAILABLE);
             HttpOrigin c = HttpOrigin.start("c", UNAVAILABLE);
             Sluice sluice = HttpSluice.before("retry: { on: [503], attempts: 1, budget: 100% }", a, b, c);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(503, client.get("/").status());
            assertEquals(2, a.requests().size() + b.requests().size() + c.requests().size());
        }
    }

    /** Be it a status or a connection that has failed. */
    @Test
    void countsAttemptsToConnectAmongTheOthers() throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", UNAVAILABLE); HttpOrigin gone = HttpOrigin.start("gone");
             HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.before("balance: first, "
                     + "retry: { on: [503, connect-failure], attempts: 1, budget: 100% }", busy, gone, good);
             HttpPeer client = HttpPeer.to(sluice)) {
            gone.server().kill();
            assertEquals(502, client.get("/").status());
            assertEquals(0, good.requests().size());
        }
    }

    @Test
    void passesTheLastFailureOnWhenThereIsNoOtherServer() throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", UNAVAILABLE);
             HttpOrigin busyToo = HttpOrigin.start("too", UNAVAILABLE);
             Sluice sluice = HttpSluice.before(
                     "retry: { on: [503], attempts: 5, budget: 100% }, passive: { errors: 0 }", busy, busyToo);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("busy", client.get("/").body());
            assertEquals(2, busy.requests().size() + busyToo.requests().size());
        }
    }

    @Test
    void retriesNothingWithoutABudget() throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", UNAVAILABLE); HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.before("retry: { on: [503], budget: 0% }, passive: { errors: 0 }", busy, good);
             HttpPeer client = HttpPeer.to(sluice)) {
            Set<Integer> statuses = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(client.get("/").status());
            }
            assertEquals(Set.of(200, 503), statuses);
        }
    }

    /** Ten in reserve, and one for each ten requests. */
    @Test
    void retriesNoMoreWhenTheBudgetIsUsedUp() throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", UNAVAILABLE);
             HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.launch("pool: pool",
                     "[" + busy.entry("weight: 256") + ", " + good.entry("backup: true") + "]",
                     "balance: first, retry: { on: [503], budget: 10% }, passive: { errors: 0 }");
             HttpPeer client = HttpPeer.to(sluice)) {
            int retried = 0;
            for (int i = 0; i < 100; i++) {
                retried += client.get("/").status() == 200 ? 1 : 0;
            }
            assertEquals(19, retried);
            assertEquals(19, sluice.stats().sum(Counter.HTTP_RETRIES));
        }
    }

    @Test
    void asksEachServerOnceWhenNoneAnswersInTime() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpOrigin.Answering silent = (_, _, _) -> Latches.await(over);
        try (HttpOrigin a = HttpOrigin.start("a", silent); HttpOrigin b = HttpOrigin.start("b", silent);
             HttpOrigin c = HttpOrigin.start("c", silent);
             Sluice sluice = HttpSluice.before(
                     "retry: { on: [504], attempts: 2, budget: 100% }, timeouts: { response: 50ms }", a, b, c);
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(504, client.get("/").status());
            // A server that is slow to read its request may do so after Sluice has lost patience.
            for (HttpOrigin origin : List.of(a, b, c)) {
                origin.nextRequest();
                assertEquals(1, origin.requests().size());
            }
            over.countDown();
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void asksAnotherServerIfAResponseProvesBrokenBeforeAnythingOfItHasLeft() throws Exception {
        try (HttpOrigin broken = HttpOrigin.saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbroken\r\n");
             HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.launch("pool: pool",
                     "[" + broken.entry("") + ", " + good.entry("backup: true") + "]", "retry: { on: [502] }");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("good /", client.get("/").body());
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void neverRetriesAfterTheFirstByteOfTheResponse() throws Exception {
        try (HttpOrigin broken = HttpOrigin.start("broken", (_, peer, _) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            peer.leave();
        });
             HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.launch("pool: pool",
                     "[" + broken.entry("") + ", " + good.entry("backup: true") + "]",
                     "retry: { on: [connect-failure, idle-closed, 502, 503, 504] }");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertThrows(IOException.class, () -> client.get("/"));
            assertEquals(0, good.requests().size());
        }
    }

    @Test
    void ejectsAServerWhoseFailuresOthersMakeUpFor() throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", UNAVAILABLE); HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.before(
                     "retry: { on: [503], budget: 100% }, passive: { errors: 2, eject-for: 1h }", busy, good);
             HttpPeer client = HttpPeer.to(sluice)) {
            await().until(() -> {
                assertEquals(200, client.get("/").status());
                return InProcess.state(sluice, "busy") == ServerState.EJECTED;
            });
        }
    }

    @Test
    void ejectsNoServerWhoseErrorsAreNotInARow() throws Exception {
        AtomicInteger count = new AtomicInteger();
        try (HttpOrigin shaky = HttpOrigin.start("shaky", (_, peer, _) -> peer.send("HTTP/1.1 "
                + (count.getAndIncrement() % 2 == 0 ? "500 Internal Server Error" : "499 Sorry")
                + "\r\nContent-Length: 0\r\n\r\n"));
             HttpOrigin spare = HttpOrigin.start("spare");
             Sluice sluice = HttpSluice.before("balance: first, passive: { errors: 2, eject-for: 1h }", shaky, spare);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 40; i++) {
                assertEquals(i % 2 == 0 ? 500 : 499, client.get("/").status());
            }
        }
    }

    @Test
    void ejectsAServerAfterErrorsInARow() throws Exception {
        try (HttpOrigin busy = HttpOrigin.start("busy", (_, peer, _) ->
                     peer.send("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"));
             HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.before("passive: { errors: 2, eject-for: 1h }", busy, good);
             HttpPeer client = HttpPeer.to(sluice)) {
            await().until(() -> {
                client.get("/");
                return InProcess.state(sluice, "busy") == ServerState.EJECTED;
            });
            await().untilAsserted(() -> {
                for (int i = 0; i < 10; i++) {
                    assertEquals("good /", client.get("/").body());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngoodness\r\n"})
    void ejectsAServerWhoseResponsesBreakOff(String response) throws Exception {
        try (HttpOrigin broken = HttpOrigin.start("broken", (_, peer, _) -> {
            peer.send(response);
            peer.leave();
        });
             HttpOrigin good = HttpOrigin.start("good");
             Sluice sluice = HttpSluice.before("passive: { errors: 2, eject-for: 1h }", broken, good)) {
            await().until(() -> {
                try (HttpPeer client = HttpPeer.to(sluice)) {
                    client.get("/");
                } catch (IOException e) {
                    // It was the broken one.
                }
                return InProcess.state(sluice, "broken") == ServerState.EJECTED;
            });
        }
    }

    /** As a 500, and as it breaks off: it is one response all the same. */
    @Test
    void countsAResponseThatIsBadInTwoWaysOnce() throws Exception {
        try (HttpOrigin broken = HttpOrigin.start("broken", (_, peer, _) -> {
            peer.send("HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n");
            peer.leave();
        });
             HttpOrigin spare = HttpOrigin.start("spare");
             Sluice sluice = HttpSluice.before("balance: first, passive: { errors: 10, eject-for: 1h }", broken, spare);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 9; i++) {
                assertEquals(502, client.get("/").status(), "one that was ejected would not be asked");
            }
            assertEquals(9, broken.requests().size());
        }
    }

    @Test
    void answersForAMalformedResponseAlthoughAnInterimOneHasLeft() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server", (_, peer, _) -> {
            peer.send("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n");
            peer.leave();
        });
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(103, client.get("/").status());
            assertEquals(502, client.response().status());
        }
    }

    @Test
    void aPinnedClientStaysOnItsServerWhenAKeptConnectionTurnsOutClosed() throws Exception {
        try (HttpOrigin first = HttpOrigin.answeringOnce("first");
             HttpOrigin second = HttpOrigin.answeringOnce("second");
             Sluice sluice = HttpSluice.before("sticky: { cookie: SRV }", first, second);
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/");
            String cookie = response.field("Set-Cookie");
            String name = response.body();
            for (int i = 0; i < 10; i++) {
                response = client.get("/", "Cookie: a=b; " + cookie.substring(0, cookie.indexOf(';')));
                assertEquals(name, response.body());
                assertFalse(response.has("Set-Cookie"));
            }
        }
    }

    @Test
    void aPinnedClientIsPinnedAnewWhenItsServerIsGone() throws Exception {
        try (HttpOrigin first = HttpOrigin.start("first"); HttpOrigin second = HttpOrigin.start("second");
             Sluice sluice = HttpSluice.before("sticky: { cookie: SRV }", first, second);
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/");
            String cookie = response.field("Set-Cookie");
            boolean onFirst = response.body().startsWith("first");
            (onFirst ? first : second).server().kill();
            HttpMessage other = client.get("/", "Cookie: " + cookie.substring(0, cookie.indexOf(';')));
            assertEquals(onFirst ? "second /" : "first /", other.body());
            String newCookie = other.field("Set-Cookie");
            assertTrue(newCookie.startsWith("SRV=") && !newCookie.equals(cookie), newCookie);
            assertFalse(client.get("/", "Cookie: " + newCookie.substring(0, newCookie.indexOf(';'))).has("Set-Cookie"));
        }
    }

    @Test
    void aPinnedClientIsPinnedAnewWhenAnotherServerAnswersForItsOwn() throws Exception {
        AtomicReference<String> busy = new AtomicReference<>("");
        HttpOrigin.Answering answering = (name, peer, request) ->
                (name.equals(busy.get()) ? UNAVAILABLE : HttpOrigin.NAME_AND_TARGET).answer(name, peer, request);
        try (HttpOrigin a = HttpOrigin.start("a", answering); HttpOrigin b = HttpOrigin.start("b", answering);
             Sluice sluice = HttpSluice.before("sticky: { cookie: SRV }, retry: { on: [503], budget: 100% }", a, b);
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/");
            String cookie = response.field("Set-Cookie");
            busy.set(response.body().substring(0, 1));
            HttpMessage other = client.get("/", "Cookie: " + cookie.substring(0, cookie.indexOf(';')));
            assertEquals(busy.get().equals("a") ? "b /" : "a /", other.body());
            assertTrue(other.has("Set-Cookie") && !other.field("Set-Cookie").equals(cookie), other.toString());
        }
    }

    @Test
    void answers502WhenTheOnlyServerRefuses() throws Exception {
        try (Sluice sluice = HttpSluice.launch("pool: pool",
                     "[{ name: server, address: 127.0.0.1:" + LoopbackPorts.free() + " }]", "");
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/");
            assertEquals(502, response.status());
            assertFalse(response.has("Retry-After"));
        }
    }

    @Test
    void answers503WithRetryAfterWhenNoServerIsUp() throws Exception {
        try (Sluice sluice = HttpSluice.launch("pool: pool",
                     "[{ name: server, address: 127.0.0.1:" + LoopbackPorts.free() + " }]",
                     "health-check: { type: tcp }");
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/");
            assertEquals(503, response.status());
            assertTrue(response.has("Retry-After"));
            assertFalse(response.body().contains("127.0.0.1"), response.body());
        }
    }
}
