package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.pool.ServerState;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A backup takes connections only while no other server can. */
class BackupServerTest {

    @Test
    void stepsInWhileAllOthersAreDownAndOutAgainWhenOneIsBack() throws Exception {
        try (NamedServer regular = NamedServer.start("regular");
             NamedServer backup = NamedServer.start("backup");
             Sluice sluice = InProcess.launch("""
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                     pools:
                       pool:
                         servers: [%s, %s]
                         health-check: { type: tcp, interval: 30ms, timeout: 10s, fall: 2, rise: 2 }
                     """.formatted(regular.entry(""), backup.entry("backup: true")))) {
            assertEquals(Set.of("regular"), namesOfTen(sluice));
            regular.kill();
            await().until(() -> InProcess.state(sluice, "regular") == ServerState.DOWN);
            assertEquals(Set.of("backup"), namesOfTen(sluice));
            regular.comeBack();
            // Each worker learns it a moment later than the state says.
            await().untilAsserted(() -> assertEquals(Set.of("regular"), namesOfTen(sluice)));
        }
    }

    private static Set<String> namesOfTen(Sluice sluice) throws Exception {
        return Set.copyOf(Crowd.each(1, 10, () -> {
            try (TestClient client = TestClient.to(InProcess.address(sluice))) {
                return client.askForName();
            }
        }));
    }
}
