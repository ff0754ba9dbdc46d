package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.pool.ServerState;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the operator wants of a server counts more than its health. */
class AdminStateTest {

    @Test
    void sendsNothingNewToServersThatDrainOrAreInMaintenance() throws Exception {
        try (NamedServer ready = NamedServer.start("ready");
             NamedServer draining = NamedServer.start("draining");
             NamedServer out = NamedServer.start("out");
             Sluice sluice = InProcess.launch("""
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                     pools:
                       pool:
                         servers: [%s, %s, %s]
                         health-check: { type: tcp, interval: 30ms, timeout: 10s }
                     """.formatted(ready.entry(""), draining.entry("state: drain"),
                             out.entry("state: maintenance")))) {
            assertEquals(ServerState.DRAINING, InProcess.state(sluice, "draining"));
            assertEquals(ServerState.MAINTENANCE, InProcess.state(sluice, "out"));
            assertEquals(Set.of("ready"), Set.copyOf(Crowd.each(1, 10, () -> {
                try (TestClient client = TestClient.to(InProcess.address(sluice))) {
                    return client.askForName();
                }
            })));
        }
    }
}
