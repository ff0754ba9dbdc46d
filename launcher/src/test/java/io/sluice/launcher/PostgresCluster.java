package io.sluice.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A PostgreSQL primary and its streaming replicas, which are copies of its data directory. A server keeps its port
 * whatever its role becomes. Owned by one test.
 */
final class PostgresCluster implements AutoCloseable {

    private static final String STANDBY = "standby.signal";

    private final List<PostgresServer> servers;

    private PostgresCluster(List<PostgresServer> servers) {
        this.servers = servers;
    }

    /**
     * Starts a primary, which is the first server, and its replicas; returns when all of them take queries.
     *
     * @param settings as in {@code postgresql.conf}, of every server; a commit does not wait for anything by default
     */
    static PostgresCluster start(Path directory, int replicas, Map<String, String> settings)
            throws IOException, SQLException {
        PostgresCluster cluster = new PostgresCluster(new ArrayList<>());
        try {
            PostgresServer primary = cluster.add(directory, settings);
            primary.start();
            primary.stop();
            for (int i = 0; i < replicas; i++) {
                PostgresServer replica = cluster.add(directory, settings);
                copy(primary.data(), replica.data());
                follow(replica, primary);
            }
            for (PostgresServer server : cluster.servers) {
                server.start();
            }
            return cluster;
        } catch (IOException | SQLException e) {
            cluster.close();
            throw e;
        }
    }

    /** By number: 0 is the one that was the primary at first. */
    PostgresServer server(int index) {
        return servers.get(index);
    }

    List<PostgresServer> servers() {
        return servers;
    }

    /** Makes a replica a primary, on a new timeline; returns when it takes writes. */
    static void promote(PostgresServer replica) throws SQLException {
        if (!replica.query("SELECT pg_promote(true, 20)").equals("t")) {
            throw new SQLException("not promoted within 20 s");
        }
    }

    /** Has a replica receive what the primary writes, and not apply it. */
    static void pauseReplay(PostgresServer replica) throws SQLException {
        replica.execute("SELECT pg_wal_replay_pause()");
    }

    static void resumeReplay(PostgresServer replica) throws SQLException {
        replica.execute("SELECT pg_wal_replay_resume()");
    }

    /** Has a replica follow a primary from now on; a server that is stopped starts as such a replica. */
    static void follow(PostgresServer replica, PostgresServer primary) throws IOException, SQLException {
        String source = "host=127.0.0.1 port=" + primary.port() + " user=postgres application_name=port"
                + replica.port();
        if (replica.isRunning()) {
            replica.execute("ALTER SYSTEM SET primary_conninfo = '" + source + "'");
            replica.execute("SELECT pg_reload_conf()");
        } else {
            Files.writeString(replica.data().resolve(STANDBY), "");
            // The last line of a setting is the one that counts.
            Files.writeString(replica.data().resolve("postgresql.auto.conf"),
                    "primary_conninfo = '" + source + "'\n", StandardOpenOption.APPEND);
        }
    }

    @Override
    public void close() throws IOException {
        for (PostgresServer server : servers) {
            server.close();
        }
    }

    private PostgresServer add(Path directory, Map<String, String> settings) throws IOException {
        PostgresServer server = new PostgresServer(directory.resolve("server" + servers.size()), settings);
        servers.add(server);
        return server;
    }

    /** Rights included, as PostgreSQL refuses a data directory that others may read. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            paths.forEach(path -> copyOne(path, to.resolve(from.relativize(path))));
        }
    }

    private static void copyOne(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
