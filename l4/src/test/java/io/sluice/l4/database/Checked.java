package io.sluice.l4.database;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.core.health.Finding;
import io.sluice.core.pool.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/** A probe of a server on loopback, made from a configuration and asked by hand. Owned by one thread. */
public final class Checked implements AutoCloseable {

    /** Far more than a check takes; only tests of timeouts have another. */
    public static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final LoginProbe<?> probe;
    private InetSocketAddress address;

    private Checked(LoginProbe<?> probe, InetSocketAddress address) {
        this.probe = probe;
        this.address = address;
    }

    /**
     * @param check the keys of the health check, such as {@code type: redis}; paths start at the directory
     * @param host  of the server, as the operator writes it; it is 127.0.0.1 in truth
     */
    public static Checked by(String check, String host, int port, Path directory) throws ConfigException {
        PoolConfig pool = ConfigParser.load("""
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool }]
                pools:
                  pool:
                    servers: [{ name: server, address: "%s:%d" }]
                    health-check: { %s }
                """.formatted(host, port, check), "test.yaml", directory).config().pool("pool");
        ServerConfig one = pool.servers().getFirst();
        LoginProbe<?> probe = switch (pool.healthCheck().orElseThrow()) {
            case HealthCheckConfig.Postgres postgres -> new PostgresProbe(pool, one, postgres, lag(one, postgres));
            case HealthCheckConfig.MySql mySql -> new MySqlProbe(pool, one, mySql, lag(one, mySql));
            case HealthCheckConfig.Redis redis -> new RedisProbe(pool, one, redis, lag(one, redis));
            default -> throw new AssertionError("not a check that logs in");
        };
        return new Checked(probe, new InetSocketAddress("127.0.0.1", port));
    }

    private static Lag lag(ServerConfig server, HealthCheckConfig.Database check) {
        return new Lag(check.login().maxLag(), nowNs -> nowNs, new Server(0, server), System::nanoTime);
    }

    public static Checked by(String check, int port, Path directory) throws ConfigException {
        return by(check, "127.0.0.1", port, directory);
    }

    static Checked by(String check, FakeServer server) throws ConfigException {
        return by(check, server.port());
    }

    static Checked by(String check, int port) throws ConfigException {
        return by(check, port, Path.of(""));
    }

    /** Writes a password file that only its owner may read, as checks demand. */
    public static Path password(Path file, String password) throws IOException {
        Files.writeString(file, password + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** As if the server's name now resolved to something else. */
    void moveTo(int port) {
        address = new InetSocketAddress("127.0.0.1", port);
    }

    public Finding check() throws IOException {
        return check(TIMEOUT);
    }

    public Finding check(Duration timeout) throws IOException {
        return probe.check(address, timeout);
    }

    /** Why a check fails; fails itself if it does not. */
    public String failure() {
        return failure(TIMEOUT);
    }

    String failure(Duration timeout) {
        try {
            throw new AssertionError("the check succeeded: " + check(timeout));
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    public void pause(Duration length) throws InterruptedException {
        probe.pause(length);
    }

    @Override
    public void close() {
        probe.close();
    }
}
