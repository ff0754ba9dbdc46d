package io.sluice.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.Role;
import io.sluice.core.pool.ServerState;
import io.sluice.core.stats.Counter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A failover of real PostgreSQL servers below clients that write all the time. A commit waits for one replica; and the
 * replica that has received most is the one that is promoted, as any tool for failover does it.
 */
class PostgresFailoverIT {

    private static final int CLIENTS = 8;

    private PostgresCluster cluster;
    private Sluice sluice;
    private PostgresServer old;
    private PostgresWriters writers;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        cluster = PostgresCluster.start(directory, 2, Map.of("synchronous_commit", "on"));
        old = cluster.server(0);
        old.execute("CREATE TABLE written (id bigint PRIMARY KEY, port int NOT NULL)");
        old.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'");
        old.execute("SELECT pg_reload_conf()");
        await().atMost(20, SECONDS).until(() ->
                old.query("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'").equals("2"));
        sluice = InProcess.launch("""
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, role: primary, session-log: off }]
                pools:
                  pool:
                    servers: [%s]
                    health-check: { type: postgres, user: postgres, interval: 1s, timeout: 10s, fall: 2 }
                    hold: 20s
                """.formatted(cluster.servers().stream()
                        .map(server -> "{ name: pg" + server.port() + ", address: 127.0.0.1:" + server.port() + " }")
                        .collect(Collectors.joining(", "))));
        writers = new PostgresWriters(InProcess.address(sluice).getPort(), CLIENTS);
        await().atMost(20, SECONDS).until(() -> writers.acknowledged().size() >= 100);
    }

    @AfterEach
    void stop() throws Exception {
        writers.close();
        sluice.close();
        cluster.close();
    }

    @Test
    void losesNoAcknowledgedInsertWhenThePrimaryDies() throws Exception {
        long killedNs = System.nanoTime();
        old.kill();
        PostgresServer next = mostAdvanced();
        long promotedNs = promote(next);
        writers.awaitNext(100);
        tell("the primary was killed", killedNs, promotedNs, next);

        // It comes back as what it was, on its old timeline, while clients come and go.
        old.start();
        await().atMost(20, SECONDS).until(() -> InProcess.state(sluice, name(old)) == ServerState.UP);
        assertEquals(Role.NONE, role(old));
        writers.reconnect();
        writers.awaitNext(100);
        writers.close();

        Set<Long> survived = ids(next);
        List<Long> lost = writers.acknowledged().stream().map(PostgresWriters.Insert::id)
                .filter(id -> !survived.contains(id)).toList();
        assertEquals(List.of(), lost);
        assertFalse(writers.acknowledged().stream()
                .anyMatch(insert -> insert.port() == old.port() && insert.connectedNs() - promotedNs > 0));
        assertTrue(old.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'writer'").equals("0"));
    }

    /**
     * What the old primary acknowledges after the promotion is lost for the new one: nothing but fencing helps there.
     * But that ends as soon as Sluice has seen the new primary.
     */
    @Test
    void takesClientsOffAnOldPrimaryThatGoesOnWriting() throws Exception {
        PostgresServer next = cluster.server(1);
        long promotingNs = System.nanoTime();
        awaitReceived(next, old.query("SELECT pg_current_wal_flush_lsn()"));
        long promotedNs = promote(next);
        await().pollInterval(Duration.ofMillis(1)).atMost(20, SECONDS).until(() -> role(old) != Role.PRIMARY);
        long seenNs = System.nanoTime();
        await().atMost(20, SECONDS).until(() -> sluice.stats().sum(Counter.ROLE_CHANGE_RESETS) == CLIENTS);
        long resetNs = System.nanoTime();
        writers.awaitNext(100);
        tell("the primary lived on", promotingNs, promotedNs, next);
        writers.reconnect();
        writers.awaitNext(100);
        writers.close();

        List<PostgresWriters.Insert> acknowledged = writers.acknowledged();
        assertFalse(acknowledged.stream().anyMatch(insert -> insert.port() == old.port()
                && (insert.connectedNs() - seenNs > 0 || insert.startedNs() - resetNs > 0)));
        Set<Long> survived = ids(next);
        List<PostgresWriters.Insert> lost = acknowledged.stream()
                .filter(insert -> !survived.contains(insert.id())).toList();
        assertFalse(lost.stream().anyMatch(insert -> insert.port() != old.port()
                || insert.acknowledgedNs() - promotingNs < 0));
        System.out.printf("split brain: seen %d ms after the promotion, all clients off the old primary %d ms later; "
                + "it had acknowledged %d inserts meanwhile%n", millis(promotedNs, seenNs), millis(seenNs, resetNs),
                lost.size());
    }

    /** By what they have received, of which nothing gets lost; once the dead primary can acknowledge no more. */
    private PostgresServer mostAdvanced() throws SQLException {
        for (PostgresServer replica : cluster.servers().subList(1, 3)) {
            await().atMost(20, SECONDS).until(() ->
                    replica.query("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'").equals("0"));
        }
        PostgresServer first = cluster.server(1);
        PostgresServer second = cluster.server(2);
        String received = second.query("SELECT pg_last_wal_receive_lsn()");
        return first.query("SELECT pg_last_wal_receive_lsn() >= '" + received + "'").equals("t") ? first : second;
    }

    /** What was acknowledged until now may have been received by the other replica alone. */
    private static void awaitReceived(PostgresServer replica, String position) {
        await().atMost(20, SECONDS).until(() ->
                replica.query("SELECT pg_last_wal_receive_lsn() >= '" + position + "'").equals("t"));
    }

    /** The new primary has no replica yet, and its commits wait for none. Returns when that was done. */
    private static long promote(PostgresServer replica) throws SQLException {
        PostgresCluster.promote(replica);
        return System.nanoTime();
    }

    private Set<Long> ids(PostgresServer server) throws SQLException {
        Set<Long> ids = new HashSet<>();
        try (Connection connection = server.connect(); Statement statement = connection.createStatement();
             ResultSet rows = statement.executeQuery("SELECT id FROM written")) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    private void tell(String what, long startNs, long promotedNs, PostgresServer next) {
        long firstNs = writers.acknowledged().stream().filter(insert -> insert.port() == next.port())
                .mapToLong(insert -> insert.acknowledgedNs() - startNs).min().orElseThrow() + startNs;
        System.out.printf("failover: %s; first write on the new one %d ms after its promotion, %d ms after the start%n",
                what, millis(promotedNs, firstNs), millis(startNs, firstNs));
    }

    private static long millis(long fromNs, long toNs) {
        return (toNs - fromNs) / 1_000_000;
    }

    private Role role(PostgresServer server) {
        return InProcess.server(sluice, name(server)).role();
    }

    private static String name(PostgresServer server) {
        return "pg" + server.port();
    }
}
