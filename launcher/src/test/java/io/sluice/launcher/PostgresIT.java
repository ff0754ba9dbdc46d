package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.core.pool.ServerState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** PostgreSQL and its usual Java client do not notice Sluice between them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresIT {

    private PostgresServer first;
    private PostgresServer second;
    private Sluice sluice;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        first = PostgresServer.start(directory.resolve("first"), Map.of());
        second = PostgresServer.start(directory.resolve("second"), Map.of());
        sluice = InProcess.launch("""
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools:
                  pool:
                    servers:
                      - { name: first, address: 127.0.0.1:%d }
                      - { name: second, address: 127.0.0.1:%d }
                    health-check: { type: tcp, interval: 200ms, timeout: 10s, fall: 2, rise: 2 }
                """.formatted(first.port(), second.port()));
    }

    @AfterAll
    void stop() throws Exception {
        sluice.close();
        first.close();
        second.close();
    }

    @Test
    void answersQueries() throws Exception {
        try (Connection connection = connect();
             PreparedStatement query = connection.prepareStatement("SELECT ? || repeat('x', ?)")) {
            for (int i = 0; i < 200; i++) {
                query.setString(1, "row " + i + " ");
                query.setInt(2, i * 100);
                try (ResultSet rows = query.executeQuery()) {
                    rows.next();
                    assertEquals("row " + i + " " + "x".repeat(i * 100), rows.getString(1));
                }
            }
        }
    }

    @Test
    void copiesMegabytesInAndOut() throws Exception {
        byte[] rows = rows(100_000).getBytes(StandardCharsets.US_ASCII);
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE copied (number int, text text)");
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            assertEquals(100_000, copy.copyIn("COPY copied FROM STDIN", new ByteArrayInputStream(rows)));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            copy.copyOut("COPY copied TO STDOUT", out);
            assertArrayEquals(rows, out.toByteArray());
        }
    }

    @Test
    void fetchesByCursor() throws Exception {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(50);
            long sum = 0;
            try (ResultSet rows = statement.executeQuery("SELECT generate_series(1, 10000)")) {
                while (rows.next()) {
                    sum += rows.getLong(1);
                }
            }
            assertEquals(50_005_000, sum);
        }
    }

    @Test
    void losesOnlyTheConnectionsOnAKilledServer() throws Exception {
        List<Connection> onFirst = new ArrayList<>();
        List<Connection> onSecond = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Connection connection = connect();
            (port(connection) == first.port() ? onFirst : onSecond).add(connection);
        }
        assertEquals(5, onFirst.size());
        first.kill();
        // New clients succeed from the first moment on, by retry, and later since the server is known to be down.
        reconnectUntil(ServerState.DOWN, second.port());
        for (Connection connection : onFirst) {
            assertThrows(SQLException.class, () -> port(connection));
        }
        for (Connection connection : onSecond) {
            assertEquals(second.port(), port(connection));
            connection.close();
        }
        first.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> InProcess.state(sluice, "first") == ServerState.UP);
        await().until(this::newConnectionsReachTheFirst);
    }

    private void reconnectUntil(ServerState state, int expectedPort) throws SQLException {
        boolean reached;
        do {
            reached = InProcess.state(sluice, "first") == state;
            try (Connection connection = connect()) {
                assertEquals(expectedPort, port(connection));
            }
        } while (!reached);
    }

    private boolean newConnectionsReachTheFirst() throws SQLException {
        try (Connection connection = connect()) {
            return port(connection) == first.port();
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + InProcess.address(sluice).getPort()
                + "/postgres?user=postgres&connectTimeout=20&socketTimeout=20");
    }

    /** Which server a connection has ended up on. */
    private static int port(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
             ResultSet rows = statement.executeQuery("SELECT inet_server_port()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** As COPY writes them. */
    private static String rows(int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append(i).append('\t').append("the text of row ").append(i).append(" is of no further interest\n");
        }
        return rows.toString();
    }
}
