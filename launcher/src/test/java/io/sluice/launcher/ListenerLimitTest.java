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
}
