package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster that tests of failover use does what they rely on. */
class PostgresClusterIT {

    @Test
    void replicatesAndFollowsAPromotedReplica(@TempDir Path directory) throws Exception {
        try (PostgresCluster cluster = PostgresCluster.start(directory, 2, Map.of())) {
            PostgresServer old = cluster.server(0);
            PostgresServer next = cluster.server(1);
            PostgresServer third = cluster.server(2);
            old.execute("CREATE TABLE written (by text)");
            old.execute("INSERT INTO written VALUES ('old')");
            awaitWritten(next, "old");
            awaitWritten(third, "old");
            assertThrows(SQLException.class, () -> next.execute("INSERT INTO written VALUES ('replica')"));

            old.kill();
            PostgresCluster.promote(next);
            PostgresCluster.follow(third, next);
            next.execute("INSERT INTO written VALUES ('next')");
            awaitWritten(third, "old next");

            PostgresCluster.pauseReplay(third);
            next.execute("INSERT INTO written VALUES ('later')");
            assertEquals("old next", written(third));
            PostgresCluster.resumeReplay(third);
            awaitWritten(third, "old next later");
        }
    }

    private static void awaitWritten(PostgresServer server, String expected) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> written(server).equals(expected));
    }

    private static String written(PostgresServer server) throws SQLException {
        return server.query("SELECT string_agg(by, ' ' ORDER BY ctid) FROM written");
    }
}
