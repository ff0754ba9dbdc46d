package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.ServerState;
import io.sluice.core.stats.Counter;
import org.junit.jupiter.api.Test;

/** With no server up a client is told so at once, by a reset. */
class NoServerUpTest {

    @Test
    void resetsTheClientIfTheOnlyServerIsDown() throws Exception {
        try (Sluice sluice = InProcess.launch("""
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools:
                  pool:
                    servers: [{ name: absent, address: 127.0.0.1:%d }]
                    health-check: { type: tcp }
                """.formatted(LoopbackPorts.free()));
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertTrue(client.awaitEndByReset());
            await().until(() -> sluice.stats().sum(Counter.NO_SERVER_UP) == 1);
        }
    }

    @Test
    void startsAlthoughANameDoesNotResolveAndCountsThatServerAsDown() throws Exception {
        try (NamedServer resolvable = NamedServer.start("resolvable");
             Sluice sluice = InProcess.launch("""
                     listeners:
                       - { name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }
                       - { name: lost, bind: 127.0.0.1:0, protocol: tcp, pool: lost, session-log: off }
                     pools:
                       pool: { servers: [%s, { name: unknown, address: "no-such-host.invalid:5432" }] }
                       lost: { servers: [{ name: unknown, address: "no-such-host.invalid:5432" }] }
                     """.formatted(resolvable.entry("")));
             TestClient client = TestClient.to(InProcess.address(sluice));
             TestClient another = TestClient.to(InProcess.address(sluice));
             TestClient lost = TestClient.to(sluice.addresses("lost").getFirst())) {
            assertEquals("resolvable", client.askForName());
            assertEquals("resolvable", another.askForName());
            assertEquals(ServerState.DOWN, InProcess.state(sluice, "unknown"));
            assertTrue(lost.awaitEndByReset());
        }
    }
}
