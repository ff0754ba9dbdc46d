package io.sluice.launcher;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * One real PostgreSQL server that can be stopped or killed and come back with its data, on the same port. Everybody on
 * loopback may log in without a password. Owned by one test.
 */
final class PostgresServer implements AutoCloseable {

    private final int port;
    private final Path data;
    private final Map<String, String> settings;
    private EmbeddedPostgres process;
    private boolean running;

    /** @param settings as in {@code postgresql.conf}; the defaults here trade safety for speed */
    PostgresServer(Path data, Map<String, String> settings) throws IOException {
        port = LoopbackPorts.free();
        this.data = data;
        this.settings = Map.copyOf(settings);
    }

    /** A running server with a new data directory. */
    static PostgresServer start(Path data, Map<String, String> settings) throws IOException {
        PostgresServer server = new PostgresServer(data, settings);
        server.start();
        return server;
    }

    int port() {
        return port;
    }

    Path data() {
        return data;
    }

    boolean isRunning() {
        return running;
    }

    /** Returns when it takes queries. */
    void start() throws IOException {
        close();
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setPort(port).setDataDirectory(data)
                .setCleanDataDirectory(false).setServerConfig("unix_socket_directories", "");
        settings.forEach(builder::setServerConfig);
        process = builder.start();
        running = true;
    }

    /** Ends it in good order, its connections first. */
    void stop() throws IOException {
        running = false;
        // Of one that was killed, this gives the data directory free; that it cannot be stopped any more is logged.
        process.close();
        process = null;
    }

    /** Kills the process that listens; those of the connections end with it. */
    void kill() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().join();
        running = false;
    }

    /** Admits by these lines of {@code pg_hba.conf} alone, from a moment later on. */
    void admitOnly(String lines) throws IOException, SQLException {
        Files.writeString(data.resolve("pg_hba.conf"), lines + '\n');
        execute("SELECT pg_reload_conf()");
    }

    /** A connection as superuser, past Sluice. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port
                + "/postgres?user=postgres&connectTimeout=20&socketTimeout=20");
    }

    /** Runs statements as superuser. */
    void execute(String sql) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row of a superuser's query, as text. */
    String query(String sql) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement();
             ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            stop();
        }
    }
}
