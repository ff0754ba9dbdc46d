package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.core.stats.Counter;
import org.junit.jupiter.api.Test;

/** At its {@code max-connections} a listener stops accepting; the kernel queues, and nobody is refused. */
class ListenerLimitTest {

    @Test
    void letsTheKernelQueueWhoComesBeyondTheLimit() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = InProcess.launch("""
                     workers: 2
                     listeners:
                       - name: in
                         bind: 127.0.0.1:0
                         protocol: tcp
                         pool: pool
                         session-log: off
                         max-connections: 2
                     pools: { pool: { servers: %s } }
                     """.formatted(NamedServer.entries(server)));
             TestClient first = TestClient.to(InProcess.address(sluice));
             TestClient second = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server", first.askForName());
            assertEquals("server", second.askForName());
            try (TestClient third = TestClient.to(InProcess.address(sluice));
                 TestClient fourth = TestClient.to(InProcess.address(sluice))) {
                third.send("third\n");
                fourth.send("fourth\n");
                for (int i = 0; i < 100; i++) {
                    assertEquals("server " + i, first.ask("" + i));
                }
                assertEquals(2, sluice.connections());
                assertEquals(2, sluice.stats().sum(Counter.CONNECTIONS_ACCEPTED));
                assertFalse(third.hasInput() || fourth.hasInput());

                first.leave();
                second.leave();
                assertEquals("server third", third.readLine());
                assertEquals("server fourth", fourth.readLine());
            }
        }
    }

    @Test
    void keepsFurtherHttpClientsWaitingToo() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server");
             Sluice sluice = HttpSluice.launch("pool: pool, max-connections: 2", HttpOrigin.entries(origin), "");
             HttpPeer first = HttpPeer.to(sluice); HttpPeer second = HttpPeer.to(sluice)) {
            assertEquals("server /1", first.get("/1").body());
            assertEquals("server /2", second.get("/2").body());
            try (HttpPeer third = HttpPeer.to(sluice)) {
                third.send("GET /3 HTTP/1.1\r\nHost: test\r\n\r\n");
                for (int i = 0; i < 100; i++) {
                    assertEquals("server /again", first.get("/again").body());
                }
                assertEquals(2, sluice.connections());
                first.leave();
                assertEquals("server /3", third.response().body());
            }
        }
    }
}
