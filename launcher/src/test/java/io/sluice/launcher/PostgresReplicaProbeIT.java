package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.core.health.Finding;
import io.sluice.core.pool.Role;
import io.sluice.l4.database.Checked;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of PostgreSQL follows a real replica through lag, the loss of its primary, and promotion. */
class PostgresReplicaProbeIT {

    private static final String ACCOUNT = "type: postgres, user: guest";

    @Test
    void followsAReplicaUntilItIsThePrimary(@TempDir Path directory) throws Exception {
        try (PostgresCluster cluster = PostgresCluster.start(directory, 1, Map.of())) {
            PostgresServer primary = cluster.server(0);
            PostgresServer replica = cluster.server(1);
            // An account without any rights: details of replication are not for it to see.
            primary.execute("CREATE ROLE guest LOGIN; CREATE TABLE t (n int)");
            await().ignoreExceptions().until(() -> replica.query("SELECT count(*) FROM t").equals("0"));
            try (Checked strict = Checked.by(ACCOUNT + ", max-lag: 1s", replica.port(), directory);
                 Checked patient = Checked.by(ACCOUNT, replica.port(), directory);
                 Checked ofPrimary = Checked.by(ACCOUNT, primary.port(), directory)) {
                assertEquals(new Finding(Role.PRIMARY, 1, "timeline 1"), ofPrimary.check());
                awaitRole(strict, Role.REPLICA);

                PostgresCluster.pauseReplay(replica);
                assertEquals(Role.REPLICA, strict.check().role());
                primary.execute("INSERT INTO t VALUES (1)");
                awaitRole(strict, Role.NONE);
                assertEquals(new Finding(Role.REPLICA, 0, ""), patient.check());
                PostgresCluster.resumeReplay(replica);
                awaitRole(strict, Role.REPLICA);

                // Nothing has been written for longer than max-lag, but the replica has it all.
                await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
                assertEquals(new Finding(Role.REPLICA, 0, "0 s behind"), strict.check());

                primary.kill();
                // Its processes end one after the other.
                await().untilAsserted(() -> assertThrows(IOException.class, ofPrimary::check));
                awaitRole(strict, Role.NONE);
                assertEquals(Role.REPLICA, patient.check().role());

                PostgresCluster.promote(replica);
                assertEquals(new Finding(Role.PRIMARY, 2, "timeline 2"), strict.check());
                assertEquals(new Finding(Role.PRIMARY, 2, "timeline 2"), patient.check());
            }
        }
    }

    private static void awaitRole(Checked probe, Role role) {
        await().atMost(Duration.ofSeconds(20)).until(() -> probe.check().role() == role);
    }
}
