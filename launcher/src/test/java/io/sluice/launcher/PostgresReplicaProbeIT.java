package io.sluice.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.config.parse.ConfigParser;
import io.sluice.core.health.Finding;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerState;
import io.sluice.l4.database.Checked;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
                assertEquals(new Finding(Role.REPLICA, 0, "0 s behind, if it streams, which the account may not see"),
                        strict.check());
                primary.execute("GRANT pg_read_all_stats TO guest");
                await().atMost(20, SECONDS).until(() ->
                        strict.check().equals(new Finding(Role.REPLICA, 0, "0 s behind")));

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

    /** Once its primary is dead, a replica only knows that its last transaction is older than max-lag. */
    @Test
    void servesOnWithoutItsPrimaryWhenAReloadChangesTheCheck(@TempDir Path directory) throws Exception {
        try (PostgresCluster cluster = PostgresCluster.start(directory, 1, Map.of())) {
            PostgresServer primary = cluster.server(0);
            PostgresServer replica = cluster.server(1);
            primary.execute("CREATE TABLE t (n int)");
            await().ignoreExceptions().until(() -> replica.query("SELECT count(*) FROM t").equals("0"));
            String config = """
                    listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, role: replica }]
                    pools:
                      pool:
                        servers:
                          - { name: primary, address: 127.0.0.1:%d }
                          - { name: replica, address: 127.0.0.1:%d }
                        health-check: { type: postgres, user: postgres, max-lag: 2s, interval: 100ms, timeout: 10s }
                    """.formatted(primary.port(), replica.port());
            try (Sluice sluice = InProcess.launch(config)) {
                Server server = InProcess.server(sluice, "replica");
                await().atMost(20, SECONDS).until(() -> server.role() == Role.REPLICA);
                primary.kill();
                await().atMost(20, SECONDS).until(() ->
                        InProcess.state(sluice, "primary") == ServerState.DOWN && replica.query("""
                        SELECT clock_timestamp() - pg_last_xact_replay_timestamp() > '3 s' AND NOT EXISTS
                        (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')""").equals("t"));
                assertEquals(Role.REPLICA, server.role());
                String next = config.replace("timeout: 10s", "timeout: 11s");
                sluice.control().reload(ConfigParser.load(next, "test.yaml", directory), "test.yaml");
                Instant reloaded = Instant.now();
                await().atMost(20, SECONDS).until(() -> server.lastCheck().at().isAfter(reloaded));
                assertEquals(Role.REPLICA, server.role());
            }
        }
    }

    private static void awaitRole(Checked probe, Role role) {
        await().atMost(Duration.ofSeconds(20)).until(() -> probe.check().role() == role);
    }
}
